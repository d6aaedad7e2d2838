namespace MLClassify.Models.Tests;

public sealed class PredictionTests
{
    private static readonly string[] Labels = ["a", "b", "c"];

    [Fact]
    public void Scores_Logits_AreTheirSoftmax()
    {
        var prediction = new Prediction(Labels, [0, MathF.Log(2), MathF.Log(5)]);
        Assert.Equal("c", prediction.Label);
        Assert.Equal(2, prediction.LabelIndex);
        Assert.Equal([0.125f, 0.25f, 0.625f], prediction.Scores.Select(s => MathF.Round(s, 6)));
        Assert.Equal(1, prediction.Scores.Sum(), 1e-6);
    }

    [Fact]
    public void Top_EqualLogits_RankByLabel() =>
        Assert.Equal(["b", "a", "c"], new Prediction(Labels, [1, 2, 1]).Top(3).Select(s => s.Label));

    [Fact]
    public void ToString_Scores_AreClassesWithTheirShares()
    {
        var prediction = new Prediction(["daisy", "rose"], [MathF.Log(973), MathF.Log(27)]);

        Assert.Equal("daisy 97.3 %", prediction.ToString());
        Assert.Equal("daisy 97.3 %, rose 2.7 %", string.Join(", ", prediction.Top(2)));
    }

    [Fact]
    public void Top_MoreThanThereAre_GivesAll() => Assert.Equal(3, new Prediction(Labels, [1, 2, 3]).Top(10).Count);

    [Fact]
    public void Top_Zero_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new Prediction(Labels, [1, 2, 3]).Top(0));

    [Fact]
    public void Scores_HugeLogits_StayFinite()
    {
        var prediction = new Prediction(Labels, [3e38f, -3e38f, 0]);
        Assert.Equal(1, prediction.Score);
        Assert.Equal([1f, 0f, 0f], prediction.Scores);

        // Both of the others round to 0; their logits still say which is likelier.
        Assert.Equal(["a", "c", "b"], prediction.Top(3).Select(s => s.Label));
    }

    [Fact]
    public void LikeliestOf_AnyLogits_IsTheFirstOfTheRanking()
    {
        float[] values = [float.NaN, float.NegativeInfinity, -1, 0, 2, 2, float.PositiveInfinity];
        var random = new Random(3);
        for (int i = 0; i < 500; i++)
        {
            float[] logits = [.. Labels.Select(_ => values[random.Next(values.Length)])];
            Assert.Equal(new Prediction(Labels, logits).LabelIndex, Prediction.LikeliestOf(logits));
        }
    }
}

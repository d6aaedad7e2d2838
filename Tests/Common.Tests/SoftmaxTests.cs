namespace MLClassify.Common.Tests;

public class SoftmaxTests
{
    public static TheoryData<float[]> Logits { get; } = new()
    {
        new float[] { 0, 1, 2 },
        new float[] { -3.25f, 17.5f, 0.125f, 17.5f },
        new float[] { 3e38f, -3e38f, 0 },
        new float[] { float.NegativeInfinity, 5, -80.5f },
        new float[] { 1e-30f },
    };

    // The formulas as they stood in each place before there was one: bits must not move.
    [Theory]
    [MemberData(nameof(Logits))]
    public void Probabilities_Logits_GivesTheBitsOfTheFormula(float[] logits)
    {
        float maximum = logits.Max();
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp((double)logit - maximum);
        }

        Assert.Equal(logits.Select(logit => (float)(Math.Exp((double)logit - maximum) / sum)), Softmax.Probabilities(logits));
        Assert.Equal(sum, Softmax.SumOfExponentials(logits, maximum));
        Assert.Equal(maximum + Math.Log(sum), Softmax.LogSumOfExponentials(logits));
        Assert.Equal(maximum, Softmax.Maximum(logits));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void LogSumOfExponentials_WithoutSoftmax_IsNotFinite(float value) =>
        Assert.False(double.IsFinite(Softmax.LogSumOfExponentials([1, value])));

    [Fact]
    public void LogMeanOfExponentials_Logarithms_IsTheLogarithmOfTheMean()
    {
        double[] values = [Math.Log(0.25), Math.Log(0.75), double.NegativeInfinity];
        Assert.Equal(Math.Log(1.0 / 3), Softmax.LogMeanOfExponentials(values), 1e-15);
        Assert.Equal(double.NegativeInfinity, Softmax.LogMeanOfExponentials([double.NegativeInfinity]));
        Assert.Equal(-5000 + Math.Log(0.5), Softmax.LogMeanOfExponentials([-5000, -9000]), 1e-12);
    }
}

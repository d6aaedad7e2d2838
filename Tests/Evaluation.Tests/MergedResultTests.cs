namespace MLClassify.Evaluation.Tests;

public sealed class MergedResultTests
{
    [Fact]
    public void Of_ThreeParts_IsTheResultOfAllTogether()
    {
        var random = new Random(7);
        string[] names = ["a", "b", "c", "d", "e", "f", "g"];
        EvaluationAccumulator[] parts = [new(names), new(names), new(names)];
        var all = new EvaluationAccumulator(names);
        for (int image = 0; image < 300; image++)
        {
            float[] logits = [.. names.Select(_ => (float)random.NextDouble() * 4)];
            logits[0] = image == 100 ? float.NaN : logits[0];
            int label = random.Next(names.Length);
            parts[image / 100].Add(label, logits, $"{image}.jpg");
            all.Add(label, logits, $"{image}.jpg");
        }

        EvaluationResult expected = all.ToResult();
        EvaluationResult merged = MergedResult.Of([.. parts.Select(part => part.ToResult())]);

        Assert.Equal(expected.ConfusionMatrix.ToArray(), merged.ConfusionMatrix.ToArray());
        Assert.Equal((expected.Images, expected.Correct, expected.Undefined), (merged.Images, merged.Correct, merged.Undefined));
        Assert.Equal(expected.Predictions, merged.Predictions);

        Assert.Null(merged.TrainedOn);
        Assert.Equal(7, MergedResult.Of([parts[0].ToResult().WithTrainedOn(3), parts[1].ToResult(), parts[2].ToResult().WithTrainedOn(4)]).TrainedOn);

        // Sums in another order: a few roundings of doubles.
        Assert.Equal(expected.TopKAccuracy, merged.TopKAccuracy, 1e-12);
        Assert.True(double.IsNaN(expected.Loss) && double.IsNaN(merged.Loss));
        Assert.Equal(expected.Calibration!.ExpectedError, merged.Calibration!.ExpectedError, 1e-12);
    }
}

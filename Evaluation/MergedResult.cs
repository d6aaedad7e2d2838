namespace MLClassify.Evaluation;

/// <summary>Results on different images, as if these had been measured together.</summary>
internal static class MergedResult
{
    /// <summary>Merges them: counts are added, means weighted by their images.</summary>
    /// <param name="results">The results, at least one, of the same classes and the same k.</param>
    public static EvaluationResult Of(IReadOnlyList<EvaluationResult> results)
    {
        var matrix = new ConfusionMatrix(results[0].ConfusionMatrix.ClassNames);
        long[] undefined = new long[matrix.Classes];
        foreach (EvaluationResult result in results)
        {
            matrix.Add(result.ConfusionMatrix);
            for (int label = 0; label < undefined.Length; label++)
            {
                undefined[label] += result.UndefinedOf(label);
            }
        }

        EvaluationResult[] measured = [.. results.Where(result => result.Images > 0)];
        double images = measured.Sum(result => (double)result.Images);
        double Mean(Func<EvaluationResult, double> value) => images == 0 ? double.NaN : measured.Sum(result => value(result) * result.Images) / images;
        return new EvaluationResult(
            matrix,
            undefined,
            results[0].TopK,
            images == 0 ? 0 : Mean(result => result.TopKAccuracy),
            Mean(result => result.Loss),
            [.. results.SelectMany(result => result.Predictions)],
            results.All(result => result.Calibration is not null) ? Merge([.. results.Select(result => result.Calibration!)]) : null)
        {
            TrainedOn = results.All(result => result.TrainedOn is null) ? null : results.Sum(result => result.TrainedOn ?? 0),
            Skipped = [.. results.SelectMany(result => result.Skipped).DistinctBy(file => file.Path, StringComparer.Ordinal)],
        };
    }

    private static Calibration Merge(Calibration[] calibrations) => new(calibrations[0].Bins.Select((bin, i) =>
    {
        CalibrationBin[] bins = [.. calibrations.Select(calibration => calibration.Bins[i])];
        long images = bins.Sum(b => b.Images);
        return bin with
        {
            Images = images,
            Correct = bins.Sum(b => b.Correct),
            Confidence = images == 0 ? 0 : bins.Sum(b => b.Images * b.Confidence) / images,
        };
    }));
}

namespace MLClassify.Samples;

/// <summary>What the samples that fine-tune print.</summary>
internal static class FineTuneReport
{
    /// <summary>What is about to be trained.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="options">How.</param>
    public static void Announce(TextWriter output, ImagePipeline pictures, FineTuneOptions options)
    {
        FineTuneOptions resolved = options.Resolve();
        string what = resolved.Unfreeze == Unfreeze.Head ? "its head" : "all of it";
        string start = resolved.Weights is null ? "from scratch" : $"from {Path.GetFileName(resolved.Weights)}";
        output.WriteLine(FormattableString.Invariant(
            $"{resolved.Backbone}, {what}, {start}: {pictures.ClassNames.Count} classes, {pictures.Train.Count} pictures to learn, {pictures.Validation.Count} held out"));
    }

    /// <summary>The figures: overall, per class, and the confusion matrix, whatever its size.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="trained">What was measured.</param>
    public static void Print(TextWriter output, FineTunedClassifier trained)
    {
        string report = trained.Evaluation.ToString();
        output.WriteLine();
        output.WriteLine(report);
        if (!report.Contains("confusion matrix", StringComparison.Ordinal))
        {
            output.WriteLine();
            output.WriteLine("confusion matrix");
            output.WriteLine(trained.Evaluation.ConfusionMatrix);
        }

        output.WriteLine();
        if (trained.Training.Skipped.Concat(trained.Evaluation.Skipped).DistinctBy(s => s.Path).ToArray() is { Length: > 0 } skipped)
        {
            output.WriteLine($"{skipped.Length} files could not be read; the first: {skipped[0].Path}: {skipped[0].Reason}");
        }
    }
}

using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Samples;

/// <summary>What the samples that fine-tune print.</summary>
internal static class FineTuneReport
{
    /// <summary>What is about to be trained.</summary>
    /// <param name="output">The destination.</param>
    /// <param name="images">The images.</param>
    /// <param name="options">How.</param>
    public static void Announce(TextWriter output, ImagePipeline images, FineTuneOptions options)
    {
        FineTuneOptions resolved = options.Resolve();
        string what = resolved.TrainableLayers == TrainableLayers.Head ? "its head" : "all of it";
        string start = resolved.Weights.Kind == WeightKind.None ? "from scratch" : $"from {resolved.Weights.Label}";
        output.WriteLine(FormattableString.Invariant(
            $"{resolved.Backbone}, {what}, {start}: {images.ClassNames.Count} classes, {images.Train.Count} training images, {images.Validation.Count} held out"));
    }

    /// <summary>The figures: overall, per class, and the confusion matrix, whatever its size.</summary>
    /// <param name="output">The destination.</param>
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

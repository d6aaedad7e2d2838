using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Samples;

/// <summary>What the samples that fine-tune print.</summary>
internal static class FineTuneReport
{
    /// <summary>What is about to be trained.</summary>
    /// <param name="output">The destination.</param>
    /// <param name="images">The images.</param>
    /// <param name="options">How.</param>
    public static void Announce(TextWriter output, ImagePipeline images, FineTuneOptions options) => output.WriteLine(FormattableString.Invariant(
        $"{Describe(options)}: {images.ClassNames.Count} classes, {images.Train.Count} training images, {images.Validation.Count} held out"));

    /// <summary>The network, which part of it is trained, and what it starts from.</summary>
    /// <param name="options">How to train.</param>
    public static string Describe(FineTuneOptions options)
    {
        FineTuneOptions resolved = options.Resolve();
        string what = resolved.TrainableLayers == TrainableLayers.Head ? "its head" : "all of it";
        string start = resolved.Weights.Kind == WeightKind.None ? "from scratch" : $"from {resolved.Weights.Label}";
        return $"{resolved.Backbone}, {what}, {start}";
    }

    /// <summary>The figures of a training, and what could not be read.</summary>
    /// <param name="output">The destination.</param>
    /// <param name="trained">What was measured.</param>
    public static void Print(TextWriter output, FineTunedClassifier trained)
    {
        Print(output, trained.Evaluation);
        if (trained.Training.Skipped.Concat(trained.Evaluation.Skipped).DistinctBy(s => s.Path).ToArray() is { Length: > 0 } skipped)
        {
            output.WriteLine($"{skipped.Length} files could not be read; the first: {skipped[0].Path}: {skipped[0].Reason}");
        }
    }

    /// <summary>The figures: overall, per class, and the confusion matrix, whatever its size.</summary>
    /// <param name="output">The destination.</param>
    /// <param name="result">What was measured.</param>
    public static void Print(TextWriter output, EvaluationResult result)
    {
        string report = result.ToString();
        output.WriteLine();
        output.WriteLine(report);
        if (!report.Contains("confusion matrix", StringComparison.Ordinal))
        {
            output.WriteLine();
            output.WriteLine("confusion matrix");
            output.WriteLine(result.ConfusionMatrix);
        }

        output.WriteLine();
    }
}

using MLClassify.Datasets;
using MLClassify.Evaluation;
using MLClassify.Preprocessing;
using MLClassify.Reports;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify;

/// <summary>
/// A trained classifier with its evaluation result. It shares the classifier with the <see cref="FineTunedClassifier"/> that it comes
/// from: disposing either, or taking the classifier from either, ends both.
/// </summary>
public sealed class EvaluatedClassifier : IDisposable
{
    private readonly FineTunedClassifier _trained;

    internal EvaluatedClassifier(FineTunedClassifier trained, ClassificationReport report, IReadOnlyList<SkippedFile> skipped)
    {
        _trained = trained;
        Report = report;
        Skipped = skipped;
    }

    /// <summary>The evaluation result. It stays valid after the classifier is disposed.</summary>
    public ClassificationReport Report { get; }

    /// <summary>The files that could not be read while measuring, and why.</summary>
    public IReadOnlyList<SkippedFile> Skipped { get; }

    /// <summary>The classifier. Disposed with this, unless it is taken.</summary>
    public ImageClassifier Classifier => _trained.Classifier;

    /// <summary>The result of the training run: its epochs, the resolved options, the files that could not be read.</summary>
    public TrainingResult Training => _trained.Training;

    /// <summary>The images and steps that it was trained with.</summary>
    public ImagePipeline Pipeline => _trained.Pipeline;

    /// <summary>The classifier, which is the caller's from then on.</summary>
    /// <param name="evaluated">What is taken from.</param>
    public static implicit operator ImageClassifier(EvaluatedClassifier evaluated)
    {
        ArgumentNullException.ThrowIfNull(evaluated);
        return evaluated.TakeClassifier();
    }

    /// <summary>Evaluates again on other images, such as <see cref="ImagePipeline.Test"/>.</summary>
    /// <inheritdoc cref="FineTunedClassifier.Evaluate(ImageDataset, TestTimeViews, IProgress{int}?, CancellationToken)"/>
    public EvaluatedClassifier Evaluate(
        ImageDataset images, TestTimeViews views = TestTimeViews.None, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        _trained.Evaluate(images, views, progress, cancellationToken);

    /// <inheritdoc cref="FineTunedClassifier.Save"/>
    public EvaluatedClassifier Save(string path)
    {
        _trained.Save(path);
        return this;
    }

    /// <inheritdoc cref="FineTunedClassifier.ExportOnnx"/>
    public EvaluatedClassifier ExportOnnx(string path, OnnxExportOptions? options = null)
    {
        _trained.ExportOnnx(path, options);
        return this;
    }

    /// <summary>Writes <see cref="Report"/> with the training's curves as one page that needs nothing else.</summary>
    /// <param name="path">The file, <c>.html</c>; written to a temporary name and renamed.</param>
    /// <param name="title">The page's title. Default null: the images' folder, or the network.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public EvaluatedClassifier WriteReport(string path, string? title = null)
    {
        title ??= Pipeline.Folder is { Root: var root } ? Path.GetFileName(root) : Classifier.Network.Name ?? "Image classifier";
        (string Path, string Reason)[] skipped =
        [
            .. (Pipeline.Folder?.Ignored ?? []).Concat(Training.Skipped).Concat(Skipped).DistinctBy(file => file.Path, StringComparer.Ordinal)
                .Select(file => (file.Path, file.Reason)),
        ];
        HtmlReport.Write(path, RunReport.Create(title, Training, _trained.Facts(), skipped) with { Report = Report });
        return this;
    }

    /// <inheritdoc cref="FineTunedClassifier.TakeClassifier"/>
    public ImageClassifier TakeClassifier() => _trained.TakeClassifier();

    /// <inheritdoc cref="FineTunedClassifier.Dispose"/>
    public void Dispose() => _trained.Dispose();
}

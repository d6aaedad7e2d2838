using MLClassify.Reports;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify;

/// <summary>
/// A <see cref="TrainingResult"/> for chains: every step does its work and gives this object again, so that one <c>using</c> at the chain's
/// end disposes everything. <see cref="Training"/> has the run, <see cref="Evaluation"/> the figures.
/// </summary>
public sealed class FineTunedClassifier : IDisposable
{
    private EvaluationResult? _evaluation;

    internal FineTunedClassifier(ImagePipeline pipeline, TrainingResult training)
    {
        Pipeline = pipeline;
        Training = training;
    }

    /// <summary>The images and steps that it was trained with.</summary>
    public ImagePipeline Pipeline { get; }

    /// <summary>The result of the training run: its epochs, the resolved options, the files that could not be read. Disposed with this.</summary>
    public TrainingResult Training { get; }

    /// <summary>The figures of the last <c>Evaluate</c> step. They stay valid when the classifier is disposed.</summary>
    /// <exception cref="InvalidOperationException">There was no such step.</exception>
    public EvaluationResult Evaluation =>
        _evaluation ?? throw new InvalidOperationException($"Nothing was evaluated yet: {nameof(Evaluate)} comes before {nameof(Evaluation)}.");

    /// <summary>The classifier. Disposed with this, unless it is taken.</summary>
    /// <exception cref="ObjectDisposedException">This is disposed, or the classifier was taken.</exception>
    public ImageClassifier Classifier => Training.Classifier;

    /// <summary>
    /// Evaluates on the images that were held out. They chose the epoch: images that took no part give a figure without that favor.
    /// </summary>
    /// <param name="views">The views that each image is shown in. Default the center crop alone.</param>
    /// <exception cref="InvalidDatasetException">No image could be read.</exception>
    public FineTunedClassifier Evaluate(TestTimeViews views = TestTimeViews.None) => Evaluate(Pipeline.Validation, views);

    /// <summary>Evaluates on other images, such as <see cref="ImagePipeline.Test"/>.</summary>
    /// <param name="dataset">The images; their classes are among the classifier's.</param>
    /// <param name="views">The views that each image is shown in. Default the center crop alone.</param>
    /// <param name="progress">Receives the number of images done after every batch, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidDatasetException">A class is not one of the classifier's, or no image could be read.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    public FineTunedClassifier Evaluate(
        ImageDataset dataset, TestTimeViews views = TestTimeViews.None, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        _evaluation = Classifier.Evaluate(dataset, views, progress, cancellationToken);
        return this;
    }

    /// <summary>Evaluates on the thread pool.</summary>
    /// <param name="dataset">The images. Default null: those that were held out.</param>
    /// <param name="views">The views that each image is shown in. Default the center crop alone.</param>
    /// <param name="progress">Receives the number of images done after every batch, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidDatasetException">A class is not one of the classifier's, or no image could be read.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    public async Task<FineTunedClassifier> EvaluateAsync(
        ImageDataset? dataset = null,
        TestTimeViews views = TestTimeViews.None,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        _evaluation = await Classifier.EvaluateAsync(dataset ?? Pipeline.Validation, views, progress, cancellationToken).ConfigureAwait(false);
        return this;
    }

    /// <summary>Writes a model file (safetensors); see <see cref="ImageClassifier.Save(string)"/>.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public FineTunedClassifier Save(string path)
    {
        Classifier.Save(path);
        return this;
    }

    /// <summary>Writes an ONNX file; see <see cref="ImageClassifier.ExportOnnx"/>.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="options">Layout, range, softmax, opset; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="NotSupportedException">The network has an operator that cannot be written, or exceeds the 2 GiB of an ONNX file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public FineTunedClassifier ExportOnnx(string path, OnnxExportOptions? options = null)
    {
        Classifier.ExportOnnx(path, options);
        return this;
    }

    /// <summary>
    /// Writes one page that needs nothing else: the figures of the last <c>Evaluate</c> step, or else those of the best epoch, and the
    /// training's curves.
    /// </summary>
    /// <param name="path">The file, <c>.html</c>; written to a temporary name and renamed.</param>
    /// <param name="title">The page's title. Default null: the images' folder, or the network.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public FineTunedClassifier WriteReport(string path, string? title = null)
    {
        title ??= Pipeline.Folder is { Root: var root } ? Path.GetFileName(root) : Classifier.Network.Name ?? "Image classifier";
        (string Path, string Reason)[] skipped =
        [
            .. (Pipeline.Folder?.Ignored ?? []).Concat(Training.Skipped).Concat(_evaluation?.Skipped ?? [])
                .DistinctBy(file => file.Path, StringComparer.Ordinal).Select(file => (file.Path, file.Reason)),
        ];
        ReportContent content = RunReport.Create(title, Training, Facts(), skipped);
        HtmlReport.Write(path, content with { Report = _evaluation ?? content.Report });
        return this;
    }

    /// <summary>Writes a run's folder as the command line does: both models, options, history, figures, report.</summary>
    /// <param name="folder">The folder; absent, empty, or that of an earlier run.</param>
    /// <param name="run">The folder that was written.</param>
    /// <param name="existing">What becomes of an earlier run.</param>
    /// <exception cref="RunExistsException">There is an earlier run, which is not to be replaced.</exception>
    /// <exception cref="IOException">The folder holds something that is no run, or cannot be written.</exception>
    public FineTunedClassifier WriteRun(string folder, out RunFolder run, ExistingRun existing = ExistingRun.Refuse)
    {
        ObjectDisposedException.ThrowIf(Training.IsOver, this);
        run = RunFolder.Create(folder, existing);
        run.WriteArguments(Training.Options, Pipeline.Train, Pipeline.Validation, Pipeline.Folder is { Root: var root }
            ? new Dictionary<string, object?>(StringComparer.Ordinal) { ["folder"] = root, ["held_out"] = Pipeline.HeldOut }
            : null);
        run.Write(Training, Pipeline.Folder?.Ignored, Facts());
        return this;
    }

    /// <summary>Hands the classifier over, which the caller then disposes; this object no longer has it.</summary>
    /// <exception cref="ObjectDisposedException">This is disposed, or the classifier was taken.</exception>
    public ImageClassifier TakeClassifier() => Training.TakeClassifier();

    /// <summary>Frees the classifier, unless it was taken, and the last step's values.</summary>
    public void Dispose() => Training.Dispose();

    private RunFacts Facts() => new()
    {
        DataFolder = Pipeline.Folder?.Root,
        HeldOut = Pipeline.HeldOut,
        TrainImagesPerClass = Pipeline.Train.CountPerClass(),
        Warnings = Pipeline.Folder?.Warnings ?? [],
    };
}

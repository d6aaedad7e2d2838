using MLClassify.Datasets;
using MLClassify.Evaluation;
using MLClassify.Preprocessing;
using MLClassify.Reports;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify;

/// <summary>
/// A trained classifier: measure it, save it, take the classifier. Owns the classifier until it is taken; the chain's last
/// step gives what is to be disposed.
/// </summary>
public sealed class FineTunedClassifier : IDisposable
{
    private readonly ImageClassifier _classifier;
    private readonly TrainingResult _training;
    private bool _isOver;

    internal FineTunedClassifier(ImagePipeline pipeline, TrainingResult training)
    {
        Pipeline = pipeline;
        _training = training;
        _classifier = new ImageClassifier(training.Model);
    }

    /// <summary>The images and steps that it was trained with.</summary>
    public ImagePipeline Pipeline { get; }

    /// <summary>The result of the training run: its epochs, the resolved options, the files that could not be read. Disposed with this.</summary>
    public TrainingResult Training => _isOver ? throw new ObjectDisposedException(nameof(FineTunedClassifier)) : _training;

    /// <summary>The classifier. Disposed with this, unless it is taken.</summary>
    public ImageClassifier Classifier => _isOver ? throw new ObjectDisposedException(nameof(FineTunedClassifier)) : _classifier;

    /// <summary>The classifier, which is the caller's from then on.</summary>
    /// <param name="trained">What is taken from.</param>
    public static implicit operator ImageClassifier(FineTunedClassifier trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        return trained.TakeClassifier();
    }

    /// <summary>Measures on the images that were held out. They chose the epoch: images that took no part give a figure without that favor.</summary>
    /// <param name="views">The views that each image is shown in. Default the center crop alone.</param>
    /// <exception cref="InvalidDatasetException">Not one image could be read.</exception>
    public EvaluatedClassifier Evaluate(TestTimeViews views = TestTimeViews.None) => Evaluate(Pipeline.Validation, views);

    /// <summary>Measures on the images that were held out, and hands the report out beside the chain.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="views">The views that each image is shown in. Default the center crop alone.</param>
    /// <exception cref="InvalidDatasetException">Not one image could be read.</exception>
    public EvaluatedClassifier Evaluate(out ClassificationReport report, TestTimeViews views = TestTimeViews.None)
    {
        EvaluatedClassifier evaluated = Evaluate(views);
        report = evaluated.Report;
        return evaluated;
    }

    /// <summary>Measures on other images, such as <see cref="ImagePipeline.Test"/>.</summary>
    /// <param name="images">The images; their classes are among the classifier's.</param>
    /// <param name="views">The views that each image is shown in. Default the center crop alone.</param>
    /// <param name="progress">Receives the number of images done after every batch, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidDatasetException">A class is not one of the classifier's, or not one image could be read.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    public EvaluatedClassifier Evaluate(
        ImageDataset images, TestTimeViews views = TestTimeViews.None, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ClassificationReport report = Classifier.Evaluate(images, views, out IReadOnlyList<SkippedFile> skipped, progress, cancellationToken);
        return new EvaluatedClassifier(this, report, skipped);
    }

    /// <summary>Measures on the thread pool.</summary>
    /// <param name="images">The images. Default null: those that were held out.</param>
    /// <param name="views">The views that each image is shown in. Default the center crop alone.</param>
    /// <param name="progress">Receives the number of images done after every batch, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidDatasetException">A class is not one of the classifier's, or not one image could be read.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    public Task<EvaluatedClassifier> EvaluateAsync(
        ImageDataset? images = null,
        TestTimeViews views = TestTimeViews.None,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Evaluate(images ?? Pipeline.Validation, views, progress, cancellationToken), cancellationToken);

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

    /// <summary>Writes a run's folder as the command line does: both models, options, history, figures, report.</summary>
    /// <param name="folder">The folder; absent, empty, or that of an earlier run, beside which a free name is then taken.</param>
    /// <param name="run">The folder that was written.</param>
    /// <exception cref="IOException">The folder holds something that is no run, or cannot be written.</exception>
    public FineTunedClassifier WriteRun(string folder, out RunFolder run)
    {
        TrainingResult training = Training;
        run = RunFolder.Create(folder);
        run.WriteArguments(training.Options, Pipeline.Train, Pipeline.Validation, Pipeline.Folder is { Root: var root }
            ? new Dictionary<string, object?>(StringComparer.Ordinal) { ["folder"] = root, ["held_out"] = Pipeline.HeldOut }
            : null);
        run.Write(training, Pipeline.Folder?.Ignored, Facts());
        return this;
    }

    /// <summary>Hands the classifier over, which the caller then disposes; this object is at its end.</summary>
    public ImageClassifier TakeClassifier()
    {
        ImageClassifier classifier = Classifier;
        _isOver = true;
        _training.Last.Dispose();
        return classifier;
    }

    /// <summary>Frees the classifier, unless it was taken, and the last step's values.</summary>
    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            _classifier.Dispose();
            _training.Last.Dispose();
        }
    }

    /// <summary>What a report says beside the result.</summary>
    internal RunFacts Facts() => new()
    {
        DataFolder = Pipeline.Folder?.Root,
        HeldOut = Pipeline.HeldOut,
        TrainImagesPerClass = Pipeline.Train.CountPerClass(),
        Warnings = Pipeline.Folder?.Warnings ?? [],
    };
}

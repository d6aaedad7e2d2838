using MLClassify.Engines;
using MLClassify.Evaluation;
using MLClassify.Imaging;
using MLClassify.Models;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify;

/// <summary>
/// The result of a training run: the best epoch's classifier, ready to predict, evaluate and save, and the run's history. Owns the
/// classifier until <see cref="TakeClassifier"/>; dispose it.
/// </summary>
public sealed class TrainingResult : IDisposable
{
    private readonly Lock _gate = new();
    private ImageClassifier? _classifier;
    private bool _isOver;

    internal TrainingResult(TrainedModel model, ParameterStore last) => (Model, Last) = (model, last);

    /// <summary>The best epoch's classifier; that of the last step when no epoch was finished. Disposed with the result, unless it is taken.</summary>
    /// <exception cref="ObjectDisposedException">The result is disposed, or the classifier was taken.</exception>
    public ImageClassifier Classifier
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isOver, this);
                return _classifier ??= new ImageClassifier(Model);
            }
        }
    }

    /// <summary>Whether the classifier was taken or disposed.</summary>
    internal bool IsOver => _isOver;

    /// <summary>The classifier's parts: network, values, labels, preprocessing. Disposed with the classifier.</summary>
    internal TrainedModel Model { get; }

    /// <summary>The values after the last step.</summary>
    internal ParameterStore Last { get; }

    /// <summary>The options of the run, with all defaults filled in.</summary>
    public required FineTuneOptions Options { get; init; }

    /// <summary>The epochs that were finished; for a head that is solved one row, the solution.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>The best epoch by <see cref="FineTuneOptions.Monitor"/>, by loss among equals; the solution of a head that is solved; null when there is none.</summary>
    public required EpochResult? BestEpoch { get; init; }

    /// <summary>The best epoch's figures on the validation images; null when no epoch was finished.</summary>
    public required EvaluationResult? Validation { get; init; }

    /// <summary>
    /// The strengths of regularization that cross-validation inside the training images tried, from strong to weak; empty where the head was
    /// not solved, or no class has two images.
    /// </summary>
    public IReadOnlyList<RegularizationPoint> Regularization { get; init; } = [];

    /// <summary>The files that could not be read, and why.</summary>
    public required IReadOnlyList<SkippedFile> Skipped { get; init; }

    /// <summary>Warnings.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>
    /// The verdicts about the result and the curves, what is wrong first: against always giving the same answer, against the
    /// training images, by class, against the head alone where it was trained first. Empty when no epoch was finished.
    /// </summary>
    public IReadOnlyList<Verdict> Diagnosis => RunDiagnosis.Of(new JudgedRun
    {
        Validation = Validation,
        Epochs = Epochs,
        BestEpoch = BestEpoch?.Epoch,
        IsSolved = Options.Optimizer.Kind == OptimizerKind.Lbfgs,
        HeadEpochs = Options.TrainableLayers == TrainableLayers.All ? Options.Freezing.Epochs : 0,
        Test = Test,
        CrossValidation = CrossValidation,
    });

    /// <summary>
    /// The classifier's result on images that it was neither trained on nor chosen by, where the caller has measured it: it becomes part of
    /// <see cref="Diagnosis"/> and of a run's report. Default null: there is none.
    /// </summary>
    public EvaluationResult? Test { get; set; }

    /// <summary>
    /// The pooled result of a <see cref="MLClassify.CrossValidation"/> of the same training, where the caller has made one: it becomes part of
    /// <see cref="Diagnosis"/> and of a run's report. Default null: there is none.
    /// </summary>
    public EvaluationResult? CrossValidation { get; set; }

    /// <summary>Whether training was canceled.</summary>
    public required bool IsCanceled { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Classifies an image file; see <see cref="ImageClassifier.Predict(string, TestTimeViews)"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the center crop alone.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Prediction Predict(string path, TestTimeViews views = TestTimeViews.None) => Classifier.Predict(path, views);

    /// <summary>
    /// Evaluates the classifier on labeled images. Where a training in steps chose its epoch by the validation images, images that took no
    /// part give a figure without that favor.
    /// </summary>
    /// <param name="dataset">The images; their classes are among the classifier's.</param>
    /// <param name="views">The views that each image is shown in. Default the center crop alone.</param>
    /// <param name="progress">Receives the number of images done after every batch, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidDatasetException">A class is not one of the classifier's, or no image could be read.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    public EvaluationResult Evaluate(
        ImageDataset dataset, TestTimeViews views = TestTimeViews.None, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Classifier.Evaluate(dataset, views, progress, cancellationToken);

    /// <summary>Evaluates the classifier on the thread pool.</summary>
    /// <inheritdoc cref="Evaluate"/>
    public Task<EvaluationResult> EvaluateAsync(
        ImageDataset dataset, TestTimeViews views = TestTimeViews.None, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Classifier.EvaluateAsync(dataset, views, progress, cancellationToken);

    /// <summary>Writes a model file (safetensors); see <see cref="ImageClassifier.Save(string)"/>.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => Classifier.Save(path);

    /// <summary>Writes a model file on the thread pool; see <see cref="ImageClassifier.SaveAsync"/>.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="cancellationToken">Cancels the save before it begins.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Task SaveAsync(string path, CancellationToken cancellationToken = default) => Classifier.SaveAsync(path, cancellationToken);

    /// <summary>Writes an ONNX file; see <see cref="ImageClassifier.ExportOnnx"/>.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="options">Layout, range, softmax, opset; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="NotSupportedException">The network has an operator that cannot be written, or exceeds the 2 GiB of an ONNX file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void ExportOnnx(string path, OnnxExportOptions? options = null) => Classifier.ExportOnnx(path, options);

    /// <summary>Hands the classifier over, which the caller then disposes. Its history stays; its other values are freed.</summary>
    /// <returns>The classifier; this result no longer has it.</returns>
    /// <exception cref="ObjectDisposedException">The result is disposed, or the classifier was taken.</exception>
    public ImageClassifier TakeClassifier()
    {
        ImageClassifier classifier = Classifier;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            _isOver = true;
        }

        Last.Dispose();
        return classifier;
    }

    /// <summary>
    /// What was trained and how well: <c>resnet50, 10 of 10 epochs in 0:12:31, best epoch 7: validation accuracy 91.3 %, loss 0.2876</c>.
    /// </summary>
    public override string ToString()
    {
        bool isSolved = Options.Optimizer.Kind == OptimizerKind.Lbfgs;
        string best = BestEpoch is { ValAccuracy: { } accuracy, ValLoss: { } loss } epoch
            ? FormattableString.Invariant($"{(isSolved ? "" : FormattableString.Invariant($", best epoch {epoch.Epoch}"))}: validation accuracy {100 * accuracy:0.0} %, loss {loss:0.0000}")
            : "";
        string work = isSolved ? "head solved" : FormattableString.Invariant($"{Epochs.Count} of {Options.Epochs} epochs");
        string skipped = Skipped.Count > 0 ? FormattableString.Invariant($", {Skipped.Count} files skipped") : "";
        return FormattableString.Invariant(
            $"{Model.Network.Name ?? Options.Backbone}, {work} in {(int)Elapsed.TotalHours}:{Elapsed:mm\\:ss}{best}{skipped}{(IsCanceled ? ", canceled" : "")}");
    }

    /// <summary>Frees the classifier, unless it was taken, and the last step's values.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
        }

        Last.Dispose();
        if (_classifier is { } classifier)
        {
            classifier.Dispose();
        }
        else
        {
            Model.Dispose();
        }
    }
}

using MLClassify.Common;
using MLClassify.Datasets;
using MLClassify.Engines;
using MLClassify.Evaluation;
using MLClassify.Imaging;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Preprocessing;
using MLClassify.Preprocessing.Loading;
using MLClassify.Trainers;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify;

/// <summary>A trained image classifier. Safe for any number of threads.</summary>
/// <remarks>Images are decoded and resized on the callers' threads; the network runs one call at a time, on all the threads it has.</remarks>
public sealed partial class ImageClassifier : IDisposable
{
    private const int LargestBatch = 16;

    private readonly TrainedModel _model;
    private readonly Preprocessor _preprocessor;
    private readonly Lock _gate = new();
    private IInferenceSession? _single;
    private bool _isDisposed;

    /// <summary>Takes ownership of a model.</summary>
    /// <param name="model">The model; disposed with the classifier.</param>
    public ImageClassifier(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _preprocessor = new Preprocessor(model.Preprocessing);
    }

    /// <summary>The classes' names in the order of their labels.</summary>
    public IReadOnlyList<string> Labels => _model.Labels;

    /// <summary>The network.</summary>
    public NetworkSpec Network => _model.Network;

    /// <summary>The preprocessing of images.</summary>
    public PreprocessingSpec Preprocessing => _model.Preprocessing;

    /// <summary>How the classifier was trained, as JSON; null when that is unknown.</summary>
    public string? TrainingRecord => _model.TrainingRecord;

    /// <summary>The best epoch's model as a classifier, which takes it over.</summary>
    /// <param name="result">The result of a training run: the best model, the last weights and the history.</param>
    public static implicit operator ImageClassifier(TrainingResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new ImageClassifier(result.TakeModel());
    }

    /// <summary>Reads a model file, or an ONNX file: the content decides.</summary>
    /// <param name="path">What <see cref="Save(string)"/> or a training run wrote, or an ONNX model.</param>
    /// <param name="threads">Threads that compute; all cores when 0.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged, or holds weights without a model's description.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageClassifier Load(string path, int threads = 0) => new(TrainedModel.Load(path, threads));

    /// <summary>Writes a model file (safetensors) with labels, network, preprocessing and training record inside.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _model.Save(path);
    }

    /// <summary>
    /// Writes an ONNX file that any runtime evaluates as this classifier: weights, normalization, labels and preprocessing inside. It takes
    /// RGB images that are resized and cropped already, any number at a time.
    /// </summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="options">Layout, range, softmax, opset; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="NotSupportedException">The network has an operator that cannot be written, or exceeds the 2 GiB of an ONNX file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void ExportOnnx(string path, OnnxExportOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _model.ExportOnnx(path, options);
    }

    /// <summary>Writes a model file whose filters and matrices are rounded to a shorter type, for half the size.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="type">Their type in the file: F16, BF16, F32 or F64. Vectors (biases, batch normalization) are never shorter than float32.</param>
    /// <exception cref="ArgumentException">The type is not one of these.</exception>
    /// <exception cref="InvalidOperationException">A value is larger than the type can hold (65,504 for F16).</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, ElementType type)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _model.Save(path, type);
    }

    /// <summary>Classifies an image file; its content decides the format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the center crop alone.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Prediction Predict(string path, TestTimeViews views = TestTimeViews.None) => Predict(Image.Load(path), views);

    /// <summary>Classifies an encoded image in memory.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the center crop alone.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    public Prediction Predict(ReadOnlySpan<byte> encoded, TestTimeViews views = TestTimeViews.None) => Predict(Image.Decode(encoded), views);

    /// <summary>Classifies an encoded image from a stream, which is read to its end.</summary>
    /// <param name="stream">The file's bytes; not disposed.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the center crop alone.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public Prediction Predict(Stream stream, TestTimeViews views = TestTimeViews.None)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return Predict(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), views);
    }

    /// <summary>Classifies a decoded image.</summary>
    /// <param name="image">The image, upright; not changed.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the center crop alone.</param>
    public Prediction Predict(Image image, TestTimeViews views = TestTimeViews.None)
    {
        ArgumentNullException.ThrowIfNull(image);
        IReadOnlyList<ImageView> shown = ImageView.For(views);
        int values = _preprocessor.ValueCount;
        float[] input = new float[shown.Count * values];
        for (int i = 0; i < shown.Count; i++)
        {
            _preprocessor.Apply(image, shown[i], input.AsSpan(i * values, values));
        }

        float[] logits = new float[shown.Count * Labels.Count];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _single ??= _model.CreateInference(maxBatch: 1);
            for (int i = 0; i < shown.Count; i++)
            {
                _single.Run(input.AsSpan(i * values, values)).CopyTo(logits.AsSpan(i * Labels.Count));
            }
        }

        return shown.Count == 1 ? new Prediction(Labels, logits) : Average(logits);
    }

    /// <summary>Classifies many files, decoding ahead while the network computes.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Cancels the work between batches.</param>
    /// <returns>As many results as files, in their order; a file that cannot be read has its reason.</returns>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public IReadOnlyList<FilePrediction> Predict(IEnumerable<string> paths, CancellationToken cancellationToken = default) =>
        Predict(paths, TestTimeViews.None, cancellationToken);

    /// <summary>Classifies many files, decoding ahead while the network computes.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="views">The views that each is shown in, whose probabilities are averaged.</param>
    /// <param name="cancellationToken">Cancels the work between batches.</param>
    /// <returns>As many results as files, in their order; a file that cannot be read has its reason.</returns>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public IReadOnlyList<FilePrediction> Predict(IEnumerable<string> paths, TestTimeViews views, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        string[] files = [.. paths];
        var predictions = new Prediction?[files.Length];
        if (files.Length == 0)
        {
            return [];
        }

        var dataset = new ImageDataset(["any"], files.Select(path => new ImageSample(path, 0)));
        using BatchLoader loader = Loader(dataset, views);
        using IInferenceSession session = BatchSession();
        var runner = new ViewRunner(session);
        try
        {
            foreach (Batch batch in loader.Epoch(0, cancellationToken))
            {
                ReadOnlySpan<float> logits = runner.Run(batch);
                for (int i = 0; i < batch.Count; i++)
                {
                    predictions[batch.Indices[i]] = new Prediction(Labels, logits.Slice(i * Labels.Count, Labels.Count));
                }
            }
        }
        catch (InvalidDatasetException)
        {
            // Not one file could be read: every result has its reason.
        }

        Dictionary<string, string> reasons = loader.Skipped.ToDictionary(s => s.Path, s => s.Reason, StringComparer.Ordinal);
        return [.. files.Select((path, i) => new FilePrediction(path, predictions[i], predictions[i] is null ? reasons.GetValueOrDefault(path) : null))];
    }

    /// <summary>Evaluates the classifier on labeled images. Unreadable images are left out.</summary>
    /// <param name="dataset">The images; their class names are among <see cref="Labels"/>, in any order.</param>
    /// <exception cref="InvalidDatasetException">A class is not one of the classifier's, or not one image could be read.</exception>
    public ClassificationReport Evaluate(ImageDataset dataset) => Evaluate(dataset, TestTimeViews.None, out _);

    /// <summary>Evaluates the classifier on labeled images. Unreadable images are left out.</summary>
    /// <param name="dataset">The images; their class names are among <see cref="Labels"/>, in any order.</param>
    /// <param name="views">The views that each is shown in. Loss and probabilities are those of the averages over them.</param>
    /// <exception cref="InvalidDatasetException">A class is not one of the classifier's, or not one image could be read.</exception>
    public ClassificationReport Evaluate(ImageDataset dataset, TestTimeViews views) => Evaluate(dataset, views, out _);

    /// <summary>Evaluates the classifier on labeled images.</summary>
    /// <param name="dataset">The images; their class names are among <see cref="Labels"/>, in any order.</param>
    /// <param name="skipped">The files that could not be read, and why.</param>
    /// <param name="progress">Receives the number of images done after every batch, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidDatasetException">A class is not one of the classifier's, or not one image could be read.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    public ClassificationReport Evaluate(
        ImageDataset dataset,
        out IReadOnlyList<SkippedFile> skipped,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default) =>
        Evaluate(dataset, TestTimeViews.None, out skipped, progress, cancellationToken);

    /// <summary>Evaluates the classifier on labeled images.</summary>
    /// <param name="dataset">The images; their class names are among <see cref="Labels"/>, in any order.</param>
    /// <param name="views">The views that each is shown in. Loss and probabilities are those of the averages over them.</param>
    /// <param name="skipped">The files that could not be read, and why.</param>
    /// <param name="progress">Receives the number of images done after every batch, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidDatasetException">A class is not one of the classifier's, or not one image could be read.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    public ClassificationReport Evaluate(
        ImageDataset dataset,
        TestTimeViews views,
        out IReadOnlyList<SkippedFile> skipped,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Count == 0)
        {
            throw new InvalidDatasetException("There are no images to evaluate.");
        }

        using BatchLoader loader = Loader(dataset.WithClasses(Labels), views);
        using IInferenceSession session = BatchSession();
        int done = 0;
        ClassificationReport report = ImageEvaluator.Run(session, loader, count => progress?.Report(done += count), cancellationToken);
        skipped = loader.Skipped;
        return report;
    }

    /// <summary>Frees the network's memory and threads, and that of the predictors made from it.</summary>
    public void Dispose()
    {
        BatchPredictor[] predictors;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            predictors = [.. _predictors];
        }

        // They compute with the model's memory, so they end first; outside the gate, as each waits for its call under way.
        foreach (BatchPredictor predictor in predictors)
        {
            predictor.Dispose();
        }

        lock (_gate)
        {
            _single?.Dispose();
            _gradCam?.Dispose();
            _model.Dispose();
        }
    }

    // Calls for many images have sessions of their own, so that they do not hold up single ones.
    private IInferenceSession BatchSession()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _model.CreateInference(LargestBatch);
        }
    }

    private Prediction Average(ReadOnlySpan<float> logits)
    {
        float[] average = new float[Labels.Count];
        ViewAverage.Write(logits, average);
        return new Prediction(Labels, average);
    }

    // A batch holds all views of its images: about as much memory whatever their number.
    private BatchLoader Loader(ImageDataset dataset, TestTimeViews views)
    {
        IReadOnlyList<ImageView> shown = ImageView.For(views);
        int batchSize = Math.Max(LargestBatch / shown.Count, 1);
        return new BatchLoader(
            dataset, _model.Preprocessing, new BatchLoaderOptions { BatchSize = batchSize, CacheBytes = 0, ImageViews = shown });
    }
}

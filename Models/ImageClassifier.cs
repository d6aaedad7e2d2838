using MLClassify.Engines;
using MLClassify.Imaging;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Preprocessing;
using MLClassify.Preprocessing.Loading;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify;

/// <summary>A trained image classifier. Safe for any number of threads.</summary>
/// <remarks>Pictures are decoded and resized on the callers' threads; the network runs one call at a time, on all the threads it has.</remarks>
public sealed partial class ImageClassifier : IDisposable
{
    private const int LargestBatch = 16;

    private readonly TrainedModel _model;
    private readonly Preprocessor _preprocessor;
    private readonly Lock _gate = new();
    private IInferenceSession? _single;
    private bool _isDisposed;

    /// <summary>Takes a model over.</summary>
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

    /// <summary>How a picture becomes the network's input.</summary>
    public PreprocessingSpec Preprocessing => _model.Preprocessing;

    /// <summary>How the classifier was trained, as JSON; null when that is unknown.</summary>
    public string? TrainingRecord => _model.TrainingRecord;

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
    /// Writes an ONNX file that any runtime evaluates as this classifier: weights, normalisation, labels and preprocessing inside. It takes
    /// RGB pictures that are resized and cropped already, any number at a time.
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
    /// <param name="type">Their type in the file: F16, BF16, F32 or F64. Vectors (biases, batch normalisation) are never shorter than float32.</param>
    /// <exception cref="ArgumentException">The type is not one of these.</exception>
    /// <exception cref="InvalidOperationException">A value is larger than the type can hold (65,504 for F16).</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, ElementType type)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _model.Save(path, type);
    }

    /// <summary>Classifies a picture file; its content decides the format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the centre crop alone.</param>
    /// <exception cref="InvalidImageException">The content is not a picture or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Prediction Predict(string path, TestTimeViews views = TestTimeViews.None) => Predict(Image.Load(path), views);

    /// <summary>Classifies an encoded picture in memory.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the centre crop alone.</param>
    /// <exception cref="InvalidImageException">The content is not a picture or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    public Prediction Predict(ReadOnlySpan<byte> encoded, TestTimeViews views = TestTimeViews.None) => Predict(Image.Decode(encoded), views);

    /// <summary>Classifies an encoded picture from a stream, which is read to its end.</summary>
    /// <param name="stream">The file's bytes; not disposed.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the centre crop alone.</param>
    /// <exception cref="InvalidImageException">The content is not a picture or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public Prediction Predict(Stream stream, TestTimeViews views = TestTimeViews.None)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return Predict(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), views);
    }

    /// <summary>Classifies a decoded picture.</summary>
    /// <param name="image">The picture, upright; not changed.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the centre crop alone.</param>
    public Prediction Predict(Image image, TestTimeViews views = TestTimeViews.None)
    {
        ArgumentNullException.ThrowIfNull(image);
        IReadOnlyList<PictureView> shown = PictureView.For(views);
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
    /// <param name="views">The views that each is shown in, whose probabilities are averaged. Default the center crop alone.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>As many results as files, in their order; a file that cannot be read has its reason.</returns>
    /// <exception cref="OperationCanceledException">The work was ended.</exception>
    public IReadOnlyList<FilePrediction> Predict(
        IEnumerable<string> paths, TestTimeViews views = TestTimeViews.None, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        string[] files = [.. paths];
        var predictions = new Prediction?[files.Length];
        if (files.Length == 0)
        {
            return [];
        }

        var dataset = new ImageDataset(["any"], files.Select(path => new ImageSample(path, 0)));
        using BatchLoader loader = CreateLoader(dataset, views);
        using IInferenceSession session = CreateBatchSession();
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

    /// <summary>The network, its classes and its input: <c>resnet50, 3 classes (blue, green, red), 224 x 224 pixels</c>.</summary>
    public override string ToString() => _model.ToString();

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

    /// <summary>Makes a session for many pictures; it is the caller's own, so that the work does not hold up single predictions.</summary>
    internal IInferenceSession CreateBatchSession()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _model.CreateInference(LargestBatch);
        }
    }

    /// <summary>Makes a loader for <see cref="CreateBatchSession"/>. A batch holds all views of its pictures: about as much memory whatever their number.</summary>
    internal BatchLoader CreateLoader(ImageDataset dataset, TestTimeViews views)
    {
        IReadOnlyList<PictureView> shown = PictureView.For(views);
        int batchSize = Math.Max(LargestBatch / shown.Count, 1);
        return new BatchLoader(
            dataset, _model.Preprocessing, new BatchLoaderOptions { BatchSize = batchSize, CacheBytes = 0, PictureViews = shown });
    }

    private Prediction Average(ReadOnlySpan<float> logits)
    {
        float[] average = new float[Labels.Count];
        ViewAverage.Write(logits, average);
        return new Prediction(Labels, average);
    }
}

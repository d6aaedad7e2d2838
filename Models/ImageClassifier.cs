using MLClassify.Common;
using MLClassify.Imaging;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Preprocessing;
using MLClassify.Preprocessing.Loading;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify;

/// <summary>A trained image classifier. Safe for any number of threads.</summary>
/// <remarks>Images are decoded and resized on the callers' threads; the network runs one call at a time, on all the threads it has.</remarks>
public sealed partial class ImageClassifier : IDisposable
{
    private const int LargestBatch = 16;

    // Large arrays that are made anew for every image are collected with the oldest generation, again and again.
    private static readonly DecodeOptions Lending = new() { LendsPixels = true };

    private readonly TrainedModel _model;
    private readonly Predictor _predictor;
    private readonly Lock _gate = new();
    private bool _isDisposed;

    /// <summary>Takes ownership of a model.</summary>
    /// <param name="model">The model; disposed with the classifier.</param>
    internal ImageClassifier(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _predictor = new Predictor(model.Engine, model.Graph, model.Parameters, model.Preprocessing, LargestBatch);
    }

    /// <summary>The classes' names in the order of their labels.</summary>
    public IReadOnlyList<string> Labels => _model.Labels;

    /// <summary>The network.</summary>
    public NetworkSpec Network => _model.Network;

    /// <summary>The preprocessing of images.</summary>
    public PreprocessingSpec Preprocessing => _model.Preprocessing;

    /// <summary>What was asked to compute.</summary>
    internal ComputeOptions Compute => _model.Compute;

    /// <summary>How the classifier was trained, as JSON; null when that is unknown.</summary>
    public string? TrainingRecord => _model.TrainingRecord;

    /// <summary>The images that the model was trained on, whose figures are not to be believed; null when that is unknown.</summary>
    public TrainingImages? TrainingImages => _model.TrainingImages;

    /// <summary>The images that a model file's model was trained on, without loading the model.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The images; null where the file does not say.</returns>
    /// <exception cref="InvalidWeightsException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainingImages? ReadTrainingImages(string path) => ModelFile.ReadTrainingImages(path);

    /// <summary>Reads a model file, or an ONNX file: the content decides.</summary>
    /// <param name="path">What <see cref="Save(string)"/> or a training run wrote, or an ONNX model.</param>
    /// <param name="threads">Threads that compute; all cores when 0.</param>
    /// <param name="labels">The classes' names, in order, for an ONNX file that has none; <c>class 0</c>, <c>class 1</c>, ... when null.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged, or holds weights without a model's description.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageClassifier Load(string path, int threads = 0, IReadOnlyList<string>? labels = null) =>
        Load(path, new ComputeOptions { Threads = threads }, labels);

    /// <summary>Reads a model file, or an ONNX file, for a device.</summary>
    /// <param name="path">What <see cref="Save(string)"/> or a training run wrote, or an ONNX model.</param>
    /// <param name="compute">What computes.</param>
    /// <param name="labels">The classes' names, in order, for an ONNX file that has none; <c>class 0</c>, <c>class 1</c>, ... when null.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged, or holds weights without a model's description.</exception>
    /// <exception cref="ComputeDeviceException">The device cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageClassifier Load(string path, ComputeOptions compute, IReadOnlyList<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(compute);
        return new ImageClassifier(TrainedModel.Load(path, compute, labels));
    }

    /// <summary>Reads a model file, or an ONNX file, from a stream, such as a resource of the program: the content decides.</summary>
    /// <param name="stream">What <see cref="Save(string)"/> or a training run wrote, or an ONNX model, from its position to its end; not disposed.</param>
    /// <param name="compute">What computes; the defaults when null.</param>
    /// <param name="labels">The classes' names, in order, for an ONNX model that has none; <c>class 0</c>, <c>class 1</c>, ... when null.</param>
    /// <exception cref="InvalidWeightsException">The content is damaged, or holds weights without a model's description.</exception>
    /// <exception cref="ComputeDeviceException">The device cannot be used.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static ImageClassifier Load(Stream stream, ComputeOptions? compute = null, IReadOnlyList<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        content.Position = 0;
        return new ImageClassifier(TrainedModel.Load(content, compute ?? new ComputeOptions(), labels));
    }

    /// <summary>Reads a model file, or an ONNX file, that lies in memory: the content decides.</summary>
    /// <param name="content">What <see cref="Save(string)"/> or a training run wrote, or an ONNX model.</param>
    /// <param name="compute">What computes; the defaults when null.</param>
    /// <param name="labels">The classes' names, in order, for an ONNX model that has none; <c>class 0</c>, <c>class 1</c>, ... when null.</param>
    /// <exception cref="InvalidWeightsException">The content is damaged, or holds weights without a model's description.</exception>
    /// <exception cref="ComputeDeviceException">The device cannot be used.</exception>
    public static ImageClassifier Load(byte[] content, ComputeOptions? compute = null, IReadOnlyList<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new ImageClassifier(TrainedModel.Load(new MemoryStream(content, writable: false), compute ?? new ComputeOptions(), labels));
    }

    /// <summary>Writes a model file (safetensors) with labels, network, preprocessing and training record inside.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _model.Save(path);
    }

    /// <summary>Writes a model file (safetensors) to a stream; see <see cref="Save(string)"/>.</summary>
    /// <param name="stream">The destination, which need not be seekable; not disposed.</param>
    /// <param name="type">The type of filters and matrices in it: F16, BF16, F32 or F64.</param>
    /// <exception cref="ArgumentException">The type is not one of these.</exception>
    /// <exception cref="InvalidOperationException">A value is larger than the type can hold (65,504 for F16).</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream, ElementType type = ElementType.F32)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _model.Save(stream, type);
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
    public Prediction Predict(string path, TestTimeViews views = TestTimeViews.None) => PredictLent(Image.Load(path, Lending), views);

    /// <summary>Classifies an encoded image in memory.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the center crop alone.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    public Prediction Predict(ReadOnlySpan<byte> encoded, TestTimeViews views = TestTimeViews.None) => PredictLent(Image.Decode(encoded, Lending), views);

    /// <summary>Classifies an encoded image from a stream, which is read to its end.</summary>
    /// <param name="stream">The file's bytes; not disposed.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the center crop alone.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public Prediction Predict(Stream stream, TestTimeViews views = TestTimeViews.None)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using PooledBytes content = PooledBytes.Read(stream);
        return Predict(content.Span, views);
    }

    /// <summary>Classifies a decoded image.</summary>
    /// <param name="image">The image, upright; not changed.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the center crop alone.</param>
    public Prediction Predict(Image image, TestTimeViews views = TestTimeViews.None)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new Prediction(Labels, Predictor.Predict(image, ImageView.For(views)));
    }

    // Nobody but this call has seen the image, so its memory goes back to the pool.
    private Prediction PredictLent(Image image, TestTimeViews views)
    {
        Prediction prediction = Predict(image, views);
        image.Return();
        return prediction;
    }

    /// <summary>Classifies many files, decoding ahead while the network computes.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="views">The views that each is shown in, whose probabilities are averaged. Default the center crop alone.</param>
    /// <param name="cancellationToken">Cancels the work between batches.</param>
    /// <returns>As many results as files, in their order; a file that cannot be read has its reason.</returns>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
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
        Predictor predictor = Predictor;
        try
        {
            void Keep(int index, ReadOnlySpan<float> logits) => predictions[index] = new Prediction(Labels, logits);
            predictor.ForEach(loader, epoch: 0, Keep, batchDone: null, cancellationToken);
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

        _predictor.Dispose();
        lock (_gate)
        {
            _gradCam?.Dispose();
            _model.Dispose();
        }
    }

    /// <summary>What runs the network, for whoever has a loader of the classifier's images.</summary>
    /// <exception cref="ObjectDisposedException">The classifier is disposed.</exception>
    internal Predictor Predictor
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _predictor;
        }
    }

    /// <summary>Makes a loader for <see cref="Predictor"/>. A batch holds all views of its images: about as much memory whatever their number.</summary>
    internal BatchLoader CreateLoader(ImageDataset dataset, TestTimeViews views)
    {
        IReadOnlyList<ImageView> shown = ImageView.For(views);
        int batchSize = Math.Max(LargestBatch / shown.Count, 1);
        return new BatchLoader(
            dataset, _model.Preprocessing, new BatchLoaderOptions { BatchSize = batchSize, CacheBytes = 0, ImageViews = shown });
    }
}

using MLClassify.Imaging;
using MLClassify.Models;
using MLClassify.Preprocessing;

namespace MLClassify;

/// <summary>
/// Classifies gathered images: <see cref="Prepare"/> on any number of threads, <see cref="Predict"/> over many at once. The numbers are
/// those of <see cref="ImageClassifier.Predict(Image, TestTimeViews)"/> but for rounding (a convolution takes the algorithm that is fastest
/// for the largest batch), however many images are predicted together; with a largest batch of 1 they are the same bits. Made by <see cref="ImageClassifier.CreateBatchPredictor"/>.
/// </summary>
public sealed class BatchPredictor : IDisposable
{
    internal const int LargestBatch = 1024;

    private readonly Predictor _network;
    private readonly IReadOnlyList<ImageView> _views;
    private bool _isDisposed;

    internal BatchPredictor(ImageClassifier classifier, Predictor network, IReadOnlyList<ImageView> views)
    {
        Classifier = classifier;
        _network = network;
        _views = views;
    }

    /// <summary>The classifier that predicts.</summary>
    public ImageClassifier Classifier { get; }

    /// <summary>How many samples the network takes at a time; more are taken in pieces.</summary>
    public int MaxBatch => _network.MaxBatch;

    /// <summary>Resizes, crops and normalizes an image. Any number of threads may call this.</summary>
    /// <param name="image">The image, upright; not changed, and not kept.</param>
    /// <returns>The network's input; disposed by the caller once it was predicted.</returns>
    public PreparedImage Prepare(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var prepared = new PreparedImage(this, _views.Count * _network.InputLength);
        try
        {
            _network.Prepare(image, _views, prepared.Values.Span);
            return prepared;
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    /// <summary>Runs the network. One call at a time; others wait.</summary>
    /// <param name="images">What this predictor prepared, any number.</param>
    /// <returns>As many predictions as images, in their order.</returns>
    /// <exception cref="ArgumentException">An input is null, or another predictor's.</exception>
    /// <exception cref="ObjectDisposedException">The predictor, its classifier or an input is disposed.</exception>
    public IReadOnlyList<Prediction> Predict(IReadOnlyList<PreparedImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Any(image => image?.Owner != this))
        {
            throw new ArgumentException("An input was prepared by another predictor.", nameof(images));
        }

        ObjectDisposedException.ThrowIf(_isDisposed, this);
        IReadOnlyList<string> labels = Classifier.Labels;
        float[] logits = _network.Predict([.. images.Select(image => (ReadOnlyMemory<float>)image.Values)], _views.Count);
        var predictions = new Prediction[images.Count];
        for (int i = 0; i < predictions.Length; i++)
        {
            predictions[i] = new Prediction(labels, logits.AsSpan(i * labels.Count, labels.Count));
        }

        return predictions;
    }

    /// <summary>Frees the memory; waits for the call under way.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _network.Dispose();
        Classifier.Forget(this);
    }
}

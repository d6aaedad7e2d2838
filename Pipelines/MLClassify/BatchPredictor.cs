using MLClassify.Engines;
using MLClassify.Imaging;
using MLClassify.Preprocessing;

namespace MLClassify;

/// <summary>
/// Classifies gathered images: <see cref="Prepare"/> on any number of threads, <see cref="Predict"/> over many at once. The numbers are
/// those of <see cref="ImageClassifier.Predict(Image, TestTimeViews)"/> but for rounding (a convolution takes the algorithm that is fastest
/// for the batch); with a largest batch of 1 they are the same bits. Made by <see cref="ImageClassifier.CreateBatchPredictor"/>.
/// </summary>
public sealed class BatchPredictor : IDisposable
{
    internal const int LargestBatch = 1024;

    private readonly Preprocessor _preprocessor;
    private readonly IInferenceSession _session;
    private readonly float[] _input;
    private readonly IReadOnlyList<ImageView> _views;
    private readonly Lock _gate = new();
    private bool _isDisposed;

    internal BatchPredictor(ImageClassifier classifier, Preprocessor preprocessor, IInferenceSession session, IReadOnlyList<ImageView> views)
    {
        Classifier = classifier;
        _preprocessor = preprocessor;
        _session = session;
        _input = new float[session.MaxBatch * session.InputShape.Count];
        _views = views;
    }

    /// <summary>The classifier that predicts.</summary>
    public ImageClassifier Classifier { get; }

    /// <summary>How many samples the network takes at a time; more are taken in pieces.</summary>
    public int MaxBatch => _session.MaxBatch;

    /// <summary>Samples that one image gives: 1, or as many as it has views.</summary>
    public int SamplesPerImage => _views.Count;

    /// <summary>Resizes, crops and normalizes an image. Any number of threads may call this.</summary>
    /// <param name="image">The image, upright; not changed, and not kept.</param>
    /// <returns>The network's input; disposed by the caller once it was predicted.</returns>
    public PreparedImage Prepare(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        int values = _preprocessor.ValueCount;
        var prepared = new PreparedImage(this, values * _views.Count);
        try
        {
            for (int i = 0; i < _views.Count; i++)
            {
                _preprocessor.Apply(image, _views[i], prepared.Values.Slice(i * values, values));
            }

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

        int classes = Classifier.Labels.Count;
        float[] logits = new float[images.Count * _views.Count * classes];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Run(images, logits);
        }

        int each = _views.Count * classes;
        var predictions = new Prediction[images.Count];
        for (int i = 0; i < predictions.Length; i++)
        {
            predictions[i] = Classifier.ToPrediction(logits.AsSpan(i * each, each));
        }

        return predictions;
    }

    /// <summary>Frees the memory; waits for the call under way.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _session.Dispose();
        }

        Classifier.Forget(this);
    }

    // The views of all images are one row of samples, cut where the session's batch is full.
    private void Run(IReadOnlyList<PreparedImage> images, float[] logits)
    {
        int values = _preprocessor.ValueCount;
        int classes = Classifier.Labels.Count;
        int count = images.Count * _views.Count;
        for (int done = 0; done < count; done += MaxBatch)
        {
            int piece = Math.Min(MaxBatch, count - done);
            Span<float> input = _input;
            for (int i = 0; i < piece; i++)
            {
                (int picture, int view) = Math.DivRem(done + i, _views.Count);
                images[picture].Values.Slice(view * values, values).CopyTo(input[(i * values)..]);
            }

            _session.Run(input[..(piece * values)]).CopyTo(logits.AsSpan(done * classes));
        }
    }
}

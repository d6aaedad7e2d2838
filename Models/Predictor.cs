using System.Buffers;
using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Imaging;
using MLClassify.Preprocessing;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Models;

/// <summary>
/// Applies a network to images: all prediction goes through here. Several views of an image are averaged (<see cref="ViewAverage"/>), and
/// what exceeds the largest batch is computed in chunks. Safe for any number of threads.
/// </summary>
/// <remarks>
/// There are at most two inference sessions, each made on first use and kept: one for single images and one for batches, each with a lock of
/// its own, so that a batch does not hold up single images for longer than a chunk takes. A session may prepare the parameters' values once,
/// so values that change call for a new predictor.
/// </remarks>
internal sealed class Predictor : IDisposable
{
    private readonly Preprocessor? _preprocessor;
    private readonly PredictorSession _single;
    private readonly PredictorSession _batches;

    /// <summary>Keeps the parts; the sessions are made on first use.</summary>
    /// <param name="engine">What computes; not disposed here.</param>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values; not disposed here, and not before the predictor is.</param>
    /// <param name="preprocessing">How an image becomes the network's input; null where all input comes prepared.</param>
    /// <param name="maxBatch">How many samples (views of images) a batch's session takes at a time, at least 1; memory grows with it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public Predictor(Engine engine, Graph graph, ParameterStore parameters, PreprocessingSpec? preprocessing, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        _preprocessor = preprocessing is null ? null : new Preprocessor(preprocessing);
        MaxBatch = maxBatch;
        InputLength = graph.Input.Shape.Count;
        OutputLength = graph.Output.Shape.Count;
        _batches = new PredictorSession(engine, graph, parameters, maxBatch);
        _single = maxBatch == 1 ? _batches : new PredictorSession(engine, graph, parameters, maxBatch: 1);
    }

    /// <summary>How many samples a batch's session takes at a time.</summary>
    public int MaxBatch { get; }

    /// <summary>Values of one sample.</summary>
    public int InputLength { get; }

    /// <summary>Values that the network says about one image: its classes, or its features.</summary>
    public int OutputLength { get; }

    /// <summary>Resizes, crops and normalizes the views of an image.</summary>
    /// <param name="image">The image, upright; not changed.</param>
    /// <param name="views">Its views.</param>
    /// <param name="samples">Receives <c>[views, H, W, 3]</c>.</param>
    /// <exception cref="InvalidOperationException">The predictor was made without preprocessing.</exception>
    public void Prepare(Image image, IReadOnlyList<ImageView> views, Span<float> samples)
    {
        Preprocessor preprocessor = _preprocessor ?? throw new InvalidOperationException("This predictor takes prepared input only.");
        for (int i = 0; i < views.Count; i++)
        {
            preprocessor.Apply(image, views[i], samples.Slice(i * InputLength, InputLength));
        }
    }

    /// <summary>Applies the network to one image, one view at a time.</summary>
    /// <param name="image">The image, upright; not changed.</param>
    /// <param name="views">Its views, whose probabilities are averaged.</param>
    /// <returns>Logits, <c>[classes]</c>.</returns>
    /// <exception cref="InvalidOperationException">The predictor was made without preprocessing.</exception>
    /// <exception cref="ObjectDisposedException">The predictor is disposed.</exception>
    public float[] Predict(Image image, IReadOnlyList<ImageView> views)
    {
        int length = views.Count * InputLength;
        float[] lent = ArrayPool<float>.Shared.Rent(length);
        try
        {
            Span<float> samples = lent.AsSpan(0, length);
            Prepare(image, views, samples);
            float[] logits = new float[OutputLength];
            float[] outputs = views.Count == 1 ? logits : new float[views.Count * OutputLength];
            _single.Run(samples, outputs);
            Average(outputs, views.Count, logits);
            return logits;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(lent);
        }
    }

    /// <summary>Applies the network to prepared images.</summary>
    /// <param name="samples">Any number of images, <c>[images, views, H, W, 3]</c>.</param>
    /// <param name="views">Views of each image, at least 1.</param>
    /// <param name="logits">Receives <c>[images, classes]</c>.</param>
    /// <exception cref="ArgumentException">The samples are not those of whole images, or not as many as the logits.</exception>
    /// <exception cref="ObjectDisposedException">The predictor is disposed.</exception>
    public void Predict(ReadOnlySpan<float> samples, int views, Span<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(views, 1);
        int images = logits.Length / OutputLength;
        if (logits.Length != images * OutputLength || samples.Length != (long)images * views * InputLength)
        {
            string problem = $"{samples.Length} values are not {views} view(s) of each image whose {logits.Length} logits are asked for.";
            throw new ArgumentException(problem, nameof(samples));
        }

        if (views == 1)
        {
            _batches.Run(samples, logits);
            return;
        }

        float[] outputs = new float[images * views * OutputLength];
        _batches.Run(samples, outputs);
        Average(outputs, views, logits);
    }

    /// <summary>Applies the network to prepared images that lie apart from each other.</summary>
    /// <param name="images">Any number of images, each <c>[views, H, W, 3]</c>.</param>
    /// <param name="views">Views of each image, at least 1.</param>
    /// <returns>Logits, <c>[images, classes]</c>.</returns>
    /// <exception cref="ArgumentException">An image has another number of values.</exception>
    /// <exception cref="ObjectDisposedException">The predictor is disposed.</exception>
    public float[] Predict(IReadOnlyList<ReadOnlyMemory<float>> images, int views)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(views, 1);
        if (images.Any(image => image.Length != views * InputLength))
        {
            throw new ArgumentException($"An image does not have the {views * InputLength} values of {views} view(s).", nameof(images));
        }

        float[] logits = new float[images.Count * OutputLength];
        float[] outputs = views == 1 ? logits : new float[images.Count * views * OutputLength];
        _batches.Run(images, views, outputs);
        Average(outputs, views, logits);
        return logits;
    }

    /// <summary>Applies the network to all readable images of an epoch and hands its outputs out one by one.</summary>
    /// <param name="loader">The images, of the network's input size, with one or several views of each.</param>
    /// <param name="epoch">The loader's epoch, which decides random changes.</param>
    /// <param name="output">Receives an image's position in the dataset and its logits, which are valid during the call.</param>
    /// <param name="batchDone">Called after every batch with its number of images; null for nobody.</param>
    /// <param name="cancellationToken">Cancels the work between batches.</param>
    /// <exception cref="InvalidDatasetException">Not one image could be read.</exception>
    /// <exception cref="ObjectDisposedException">The predictor is disposed, perhaps during the call.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public void ForEach(
        BatchLoader loader, int epoch, Action<int, ReadOnlySpan<float>> output, Action<int>? batchDone, CancellationToken cancellationToken)
    {
        float[] buffer = [];
        foreach (Batch batch in loader.Epoch(epoch, cancellationToken))
        {
            int length = batch.Count * OutputLength;
            buffer = buffer.Length < length ? new float[length] : buffer;
            Span<float> logits = buffer.AsSpan(0, length);
            Predict(batch.Pixels, batch.Views, logits);
            for (int i = 0; i < batch.Count; i++)
            {
                output(batch.Indices[i], logits.Slice(i * OutputLength, OutputLength));
            }

            batchDone?.Invoke(batch.Count);
        }
    }

    /// <summary>Frees the sessions; waits for the chunks under way. Later calls throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _single.Dispose();
        _batches.Dispose();
    }

    // With one view, the outputs are the logits already.
    private void Average(ReadOnlySpan<float> outputs, int views, Span<float> logits)
    {
        if (views == 1)
        {
            return;
        }

        for (int start = 0; start < logits.Length; start += OutputLength)
        {
            ViewAverage.Write(outputs.Slice(start * views, views * OutputLength), logits.Slice(start, OutputLength));
        }
    }
}

using MLClassify.Engines;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Models;

/// <summary>
/// Runs a network over batches that hold one or several views of each image. With one, it gives the network's own output; with several, the
/// logarithms of the mean probabilities (<see cref="ViewAverage"/>). Not safe for several threads at once.
/// </summary>
public sealed class ViewRunner
{
    private readonly IInferenceSession _session;
    private float[] _logits = [];
    private float[] _averages = [];

    /// <summary>Keeps the session.</summary>
    /// <param name="session">The network; not disposed here.</param>
    public ViewRunner(IInferenceSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        _session = session;
    }

    /// <summary>Runs the network over a batch.</summary>
    /// <param name="batch">The images, of the network's input size; with one view, at most as many as the session's largest batch.</param>
    /// <returns>Logits, <c>[batch.Count, classes]</c>; valid until the next call.</returns>
    /// <exception cref="ArgumentException">The batch does not fit the session.</exception>
    public ReadOnlySpan<float> Run(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Views == 1)
        {
            return _session.Run(batch.Pixels);
        }

        int classes = _session.OutputShape.Count;
        Grow(ref _logits, batch.Count * batch.Views * classes);
        Grow(ref _averages, batch.Count * classes);
        RunAll(batch.Pixels, batch.Count * batch.Views, classes);
        for (int i = 0; i < batch.Count; i++)
        {
            ViewAverage.Write(_logits.AsSpan(i * batch.Views * classes, batch.Views * classes), _averages.AsSpan(i * classes, classes));
        }

        return _averages.AsSpan(0, batch.Count * classes);
    }

    // An image's views may be more than the session takes at a time.
    private void RunAll(ReadOnlySpan<float> pixels, int count, int classes)
    {
        int values = _session.InputShape.Count;
        for (int done = 0; done < count; done += _session.MaxBatch)
        {
            int piece = Math.Min(_session.MaxBatch, count - done);
            _session.Run(pixels.Slice(done * values, piece * values)).CopyTo(_logits.AsSpan(done * classes));
        }
    }

    private static void Grow(ref float[] values, int count)
    {
        if (values.Length < count)
        {
            values = new float[count];
        }
    }
}

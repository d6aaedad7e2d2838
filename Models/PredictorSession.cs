using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.Models;

/// <summary>An inference session of a <see cref="Predictor"/>: made on first use, one caller at a time, input cut to its largest batch.</summary>
internal sealed class PredictorSession(Engine engine, Graph graph, ParameterStore parameters, int maxBatch) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly int _inputLength = graph.Input.Shape.Count;
    private readonly int _outputLength = graph.Output.Shape.Count;
    private IInferenceSession? _session;
    private float[] _gathered = [];
    private bool _isDisposed;

    /// <summary>Computes the outputs of samples.</summary>
    /// <param name="samples">Whole samples, any number.</param>
    /// <param name="outputs">Receives as many outputs.</param>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public void Run(ReadOnlySpan<float> samples, Span<float> outputs)
    {
        int count = outputs.Length / _outputLength;
        lock (_gate)
        {
            IInferenceSession session = Session();
            for (int done = 0; done < count; done += maxBatch)
            {
                int chunk = Math.Min(maxBatch, count - done);
                session.Run(samples.Slice(done * _inputLength, chunk * _inputLength)).CopyTo(outputs[(done * _outputLength)..]);
            }
        }
    }

    /// <summary>Computes the outputs of samples that lie apart from each other.</summary>
    /// <param name="images">Samples of an image in each.</param>
    /// <param name="views">Samples of each image.</param>
    /// <param name="outputs">Receives the outputs, <c>[images, views, classes]</c>.</param>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public void Run(IReadOnlyList<ReadOnlyMemory<float>> images, int views, Span<float> outputs)
    {
        int count = images.Count * views;
        lock (_gate)
        {
            IInferenceSession session = Session();
            if (_gathered.Length == 0)
            {
                _gathered = new float[maxBatch * _inputLength];
            }

            for (int done = 0; done < count; done += maxBatch)
            {
                int chunk = Math.Min(maxBatch, count - done);
                for (int i = 0; i < chunk; i++)
                {
                    (int image, int view) = Math.DivRem(done + i, views);
                    images[image].Span.Slice(view * _inputLength, _inputLength).CopyTo(_gathered.AsSpan(i * _inputLength));
                }

                session.Run(_gathered.AsSpan(0, chunk * _inputLength)).CopyTo(outputs[(done * _outputLength)..]);
            }
        }
    }

    /// <summary>Frees the session; waits for the call under way.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _session?.Dispose();
            _session = null;
            _gathered = [];
        }
    }

    private IInferenceSession Session()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(Predictor));
        return _session ??= engine.CreateInference(graph, parameters, maxBatch);
    }
}

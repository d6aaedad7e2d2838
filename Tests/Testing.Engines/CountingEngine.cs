using System.Collections.Concurrent;
using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.Testing.Engines;

/// <summary>Passes everything to another engine and counts inference sessions and their runs.</summary>
/// <param name="inner">The other engine; disposed with this one.</param>
internal sealed class CountingEngine(Engine inner) : Engine
{
    private readonly ConcurrentQueue<int> _sessions = new();
    private readonly ConcurrentQueue<int> _runs = new();
    private int _open;

    /// <summary>The largest batch of each inference session that was made, in order.</summary>
    public int[] Sessions => [.. _sessions];

    /// <summary>Samples of each run of any session, in order.</summary>
    public int[] Runs => [.. _runs];

    /// <summary>Inference sessions that are not disposed.</summary>
    public int OpenSessions => Volatile.Read(ref _open);

    /// <summary>Called before each run with the session's largest batch; null for nobody.</summary>
    public Action<int>? BeforeRun { get; set; }

    /// <inheritdoc/>
    public override string Name => inner.Name;

    /// <inheritdoc/>
    public override EngineIdentity Identity => inner.Identity;

    /// <inheritdoc/>
    public override ParameterStore CreateParameters(IEnumerable<Parameter> parameters) => inner.CreateParameters(parameters);

    /// <inheritdoc/>
    public override IInferenceSession CreateInference(Graph graph, ParameterStore parameters, int maxBatch)
    {
        IInferenceSession session = inner.CreateInference(graph, parameters, maxBatch);
        _sessions.Enqueue(maxBatch);
        Interlocked.Increment(ref _open);
        return new CountedSession(this, session);
    }

    /// <inheritdoc/>
    public override ITrainingSession CreateTraining(Graph graph, ParameterStore parameters, TrainingSpec spec) =>
        inner.CreateTraining(graph, parameters, spec);

    /// <inheritdoc/>
    public override IActivationGradientSession CreateActivationGradient(Graph graph, ParameterStore parameters, Node node) =>
        inner.CreateActivationGradient(graph, parameters, node);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class CountedSession(CountingEngine engine, IInferenceSession session) : IInferenceSession
    {
        private bool _isDisposed;

        public int MaxBatch => session.MaxBatch;

        public Shape InputShape => session.InputShape;

        public Shape OutputShape => session.OutputShape;

        public long ActivationBytes => session.ActivationBytes;

        public ReadOnlySpan<float> Run(ReadOnlySpan<float> inputs)
        {
            engine.BeforeRun?.Invoke(MaxBatch);
            Assert.False(_isDisposed, "a disposed session was run");
            engine._runs.Enqueue(inputs.Length / InputShape.Count);
            return session.Run(inputs);
        }

        public void Dispose()
        {
            Assert.False(_isDisposed, "a session was disposed twice");
            _isDisposed = true;
            Interlocked.Decrement(ref engine._open);
            session.Dispose();
        }
    }
}

using MLClassify.Graphs;

namespace MLClassify.Engines;

/// <summary>
/// Computes networks, on a processor or a graphics card. An engine makes parameter stores and sessions for graphs and hides how
/// values lie in memory, how a graph is rewritten and planned, and what a kernel is. Everything that crosses its border is host memory in the
/// outside world's order: samples as <c>[N, H, W, C]</c>, parameters with torchvision's names and dimensions.
/// </summary>
/// <remarks>
/// Several sessions may share an engine; each session has one caller at a time. Sessions and stores are disposed before their engine.
/// </remarks>
internal abstract class Engine : IDisposable
{
    /// <summary>A description of the engine, such as <c>CPU, Vector512, 2 thread(s)</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What a checkpoint says about who computed it.</summary>
    public abstract EngineIdentity Identity { get; }

    /// <summary>Makes a store of zeros.</summary>
    /// <param name="parameters">The declarations, such as <see cref="Graph.Parameters"/>.</param>
    /// <exception cref="ArgumentException">Two parameters have the same name.</exception>
    public abstract ParameterStore CreateParameters(IEnumerable<Parameter> parameters);

    /// <summary>Prepares a graph for inference: batch normalization uses its running statistics, dropout passes everything.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">
    /// Its values, from this engine's <see cref="CreateParameters"/>. They may be read in place, so they must outlive the session, and a
    /// change to them calls for a new one.
    /// </param>
    /// <param name="maxBatch">The largest batch, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    /// <exception cref="ArgumentException">The store is another engine's, or lacks a parameter.</exception>
    public abstract IInferenceSession CreateInference(Graph graph, ParameterStore parameters, int maxBatch);

    /// <summary>Prepares a graph for training.</summary>
    /// <param name="graph">The network, whose output is a vector for each sample: logits, or the values to be learned.</param>
    /// <param name="parameters">Its values, from this engine's <see cref="CreateParameters"/>; training changes them.</param>
    /// <param name="spec">The training configuration.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    /// <exception cref="ArgumentException">
    /// The output is not a vector, nothing is trainable, a parameter is in two groups, or the store is another engine's.
    /// </exception>
    public abstract ITrainingSession CreateTraining(Graph graph, ParameterStore parameters, TrainingSpec spec);

    /// <summary>
    /// Whether memory suffices for training with a batch. This one asks no device: it compares what a session plans for one sample, as often as there
    /// are samples, with three quarters of the memory that this process may still take.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values; not changed.</param>
    /// <param name="spec">The training configuration with the batch.</param>
    public virtual bool CanTrain(Graph graph, ParameterStore parameters, TrainingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        try
        {
            using ITrainingSession one = CreateTraining(graph, parameters, spec with { MaxBatch = 1 });
            return one.ActivationBytes * spec.MaxBatch <= AvailableBytes / 4 * 3;
        }
        catch (Exception e) when (e is OutOfMemoryException or InsufficientMemoryException)
        {
            return false;
        }
    }

    /// <summary>The memory that this process may still take, as the runtime last saw it.</summary>
    protected virtual long AvailableBytes
    {
        get
        {
            GCMemoryInfo memory = GC.GetGCMemoryInfo();
            return Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
        }
    }

    /// <summary>Prepares a graph for asking how an output depends on the values of a node, one sample at a time.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values, from this engine's <see cref="CreateParameters"/>; they must outlive the session.</param>
    /// <param name="node">The node of <paramref name="graph"/> whose values and gradients are asked for.</param>
    /// <exception cref="ArgumentException">The node is not one of the graph's, or the output does not depend on it.</exception>
    public abstract IActivationGradientSession CreateActivationGradient(Graph graph, ParameterStore parameters, Node node);

    /// <summary>Frees what the engine holds.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the engine holds.</summary>
    /// <param name="disposing">Whether called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>What computes: bits may differ between engines, devices and precisions.</summary>
/// <param name="Engine">The engine, such as <c>managed</c> or <c>libtorch 2.10</c>.</param>
/// <param name="Device">The device, such as <c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="Precision">The precision, such as <c>float32</c>.</param>
internal sealed record EngineIdentity(string Engine, string Device, string Precision)
{
    /// <summary>The managed engine.</summary>
    public static EngineIdentity Managed { get; } = new("managed", "cpu", "float32");

    /// <summary>As <c>libtorch 2.10 on cuda:0 in bfloat16</c>.</summary>
    public override string ToString() => $"{Engine} on {Device} in {Precision}";
}

using MLClassify.Graphs.Devices;

namespace MLClassify.Graphs.Sessions;

/// <summary>
/// Runs a graph forward with fixed parameters: batch normalisation folded into convolutions, rectifiers and sums fused, dropout gone.
/// The parameters are read once, when the session is made. One caller at a time; sessions may share a device.
/// </summary>
public sealed class InferenceSession : IDisposable
{
    /// <summary>Prepares a graph.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its parameters; copied.</param>
    /// <param name="maxBatch">The largest batch, at least 1.</param>
    public InferenceSession(Graph graph, ParameterSet parameters, int maxBatch) => throw new NotImplementedException();

    /// <summary>The largest batch.</summary>
    public int MaxBatch { get; }

    /// <summary>One sample's input shape.</summary>
    public Shape InputShape { get; }

    /// <summary>One sample's output shape.</summary>
    public Shape OutputShape { get; }

    /// <summary>Where the caller writes samples, <c>[MaxBatch, H, W, C]</c>.</summary>
    public Span<float> Input => throw new NotImplementedException();

    /// <summary>Computes the outputs of the samples in <see cref="Input"/>.</summary>
    /// <param name="batch">How many samples are there, 1 to <see cref="MaxBatch"/>.</param>
    /// <returns>The outputs, <c>[batch, H', W', C']</c>; valid until the next call.</returns>
    public ReadOnlySpan<float> Run(int batch) => throw new NotImplementedException();

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
    }
}

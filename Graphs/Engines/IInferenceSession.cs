using MLClassify.Graphs;

namespace MLClassify.Engines;

/// <summary>Computes a network's outputs. One caller at a time; sessions may share an engine.</summary>
internal interface IInferenceSession : IDisposable
{
    /// <summary>The largest batch.</summary>
    int MaxBatch { get; }

    /// <summary>One sample's input shape.</summary>
    Shape InputShape { get; }

    /// <summary>One sample's output shape.</summary>
    Shape OutputShape { get; }

    /// <summary>Bytes that activations take.</summary>
    long ActivationBytes { get; }

    /// <summary>Computes the outputs of samples.</summary>
    /// <param name="inputs">Whole samples, <c>[batch, H, W, C]</c>, 1 to <see cref="MaxBatch"/> of them.</param>
    /// <returns>The outputs, <c>[batch, H', W', C']</c>; valid until the next call.</returns>
    /// <exception cref="ArgumentException">There is no sample, a part of one, or more than <see cref="MaxBatch"/>.</exception>
    ReadOnlySpan<float> Run(ReadOnlySpan<float> inputs);
}

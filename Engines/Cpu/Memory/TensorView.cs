using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Memory;

/// <summary>
/// Where an operator finds a batch of activations, <c>[Batch, Height, Width, Channels]</c>, or a parameter. Positions lie
/// <see cref="Stride"/> values apart, which may exceed the channel count (a slice of a wider buffer).
/// </summary>
internal readonly unsafe struct TensorView
{
    /// <summary>Describes memory that somebody else owns.</summary>
    /// <param name="data">The first value.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="shape">One sample's shape.</param>
    /// <param name="stride">Values from one position to the next.</param>
    public TensorView(float* data, int batch, Shape shape, int stride)
    {
        Data = data;
        Batch = batch;
        Shape = shape;
        Stride = stride;
    }

    /// <summary>The first value; null when the view is absent.</summary>
    public float* Data { get; }

    /// <summary>Samples.</summary>
    public int Batch { get; }

    /// <summary>One sample's shape.</summary>
    public Shape Shape { get; }

    /// <summary>Values from one position to the next.</summary>
    public int Stride { get; }

    /// <summary>Whether there is no tensor here.</summary>
    public bool IsAbsent => Data is null;

    /// <summary>Positions in the whole batch.</summary>
    public int Rows => Batch * Shape.Pixels;
}

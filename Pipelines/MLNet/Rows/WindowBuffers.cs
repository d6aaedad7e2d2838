using MLClassify.Preprocessing.Loading;

namespace MLClassify.MLNet;

/// <summary>Memory for some rows of a cursor: their prepared images, and what is computed from them.</summary>
internal sealed class WindowBuffers(int capacity, int size, int outputLength)
{
    /// <summary>Rows for which less memory is taken: most data that is read by its first rows alone has no more.</summary>
    public const int Few = 4;

    /// <summary>How many rows.</summary>
    public int Capacity => capacity;

    /// <summary>The prepared images.</summary>
    public Batch Inputs { get; } = new(capacity, size, views: 1);

    /// <summary>What is computed, a row after the other.</summary>
    public float[] Outputs { get; } = new float[capacity * outputLength];
}

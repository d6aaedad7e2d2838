using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Planning;

/// <summary>
/// Where a map lies: in a storage, from a value on, positions a stride apart. A slice of a concatenation has the concatenation's stride
/// and begins at its first channel.
/// </summary>
/// <param name="Lifetime">The block of the arena.</param>
/// <param name="Offset">The map's first value in it.</param>
/// <param name="Stride">Values from one position to the next.</param>
internal readonly record struct BufferSlice(BufferLifetime Lifetime, int Offset, int Stride)
{
    // A line of the cache, and the widest vector.
    private const int Line = 16;

    /// <summary>A new storage for a batch of maps whose positions follow each other.</summary>
    public static BufferSlice NewDense(int maxBatch, Shape shape, int time) => New(maxBatch, shape, shape.Channels, time);

    /// <summary>
    /// A new storage for maps that share it side by side. Positions begin at an odd number of cache lines from each other: with a power
    /// of two, which channel counts like to be, all positions of a narrow slice would compete for the same few places of the cache.
    /// </summary>
    public static BufferSlice NewShared(int maxBatch, Shape shape, int time) =>
        New(maxBatch, shape, (((shape.Channels + Line - 1) / Line) | 1) * Line, time);

    /// <summary>The part from a channel on.</summary>
    public BufferSlice From(int channel) => this with { Offset = Offset + channel };

    /// <summary>The same values under another shape; they must follow each other without gaps.</summary>
    public BufferSlice Reshaped(Shape shape) => this with { Stride = shape.Channels };

    /// <summary>Whether positions of so many channels follow each other without gaps.</summary>
    public bool IsDense(Shape shape) => Stride == shape.Channels;

    /// <summary>Whether two maps have a value in common.</summary>
    public bool Overlaps(Shape shape, BufferSlice other, Shape otherShape)
    {
        if (Lifetime != other.Lifetime)
        {
            return false;
        }

        // Places of another stride are reshaped ones, which take everything.
        return Stride != other.Stride || (Offset < other.Offset + otherShape.Channels && other.Offset < Offset + shape.Channels);
    }

    private static BufferSlice New(int maxBatch, Shape shape, int stride, int time) =>
        new(new BufferLifetime(checked((long)maxBatch * shape.Pixels * stride), time), 0, stride);
}

using MLClassify.Graphs;

namespace MLClassify.Engines;

/// <summary>The samples that a caller gives a session.</summary>
internal static class SampleCount
{
    /// <summary>How many samples values are.</summary>
    /// <param name="length">Values.</param>
    /// <param name="shape">One sample's shape.</param>
    /// <param name="maxBatch">The largest batch.</param>
    /// <exception cref="ArgumentException">There is no sample, a part of one, or more than the largest batch.</exception>
    public static int Of(int length, Shape shape, int maxBatch)
    {
        (int samples, int rest) = Math.DivRem(length, shape.Count);
        return rest == 0 && samples >= 1 && samples <= maxBatch
            ? samples
            : throw new ArgumentException(FormattableString.Invariant($"Expected 1 to {maxBatch} samples of {shape}, got {length} values."));
    }
}

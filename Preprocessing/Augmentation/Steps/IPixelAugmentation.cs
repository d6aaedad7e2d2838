using MLClassify.Common;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>A random change of the resized image's pixels, before normalization: colors, noise, erasing, rotation.</summary>
public interface IPixelAugmentation
{
    /// <summary>Changes the pixels in place. Stateless: called by several threads at once.</summary>
    /// <param name="pixels">Interleaved R, G, B: <c>[height, width, 3]</c>.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="random">The random generator.</param>
    void Apply(Span<byte> pixels, int width, int height, ref CounterRandom random);
}

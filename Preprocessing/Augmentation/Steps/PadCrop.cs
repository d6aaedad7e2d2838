using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>
/// Pads every side and cuts the old size out at a random place, which is a shift by whole pixels (He et al., "Deep residual learning for
/// image recognition", 2016, section 4.2: 4 pixels for CIFAR's 32 x 32; torchvision's <c>RandomCrop(32, padding=4)</c>).
/// </summary>
public sealed record PadCrop : IPixelAugmentation
{
    /// <summary>The largest accepted <see cref="Pad"/>.</summary>
    public const int MaxPad = 256;

    /// <summary>Keeps the padding.</summary>
    /// <param name="pad">Pixels on every side, 0 to 256; default 4. Each of the 2 pad + 1 shifts along a side is equally likely.</param>
    /// <param name="fill">What is padded; default black.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public PadCrop(int pad = 4, FillColor fill = FillColor.Black)
    {
        Pad = (int)AugmentationGuard.InRange(pad, 0, MaxPad);
        Fill = AugmentationGuard.Defined(fill);
    }

    /// <summary>Pixels on every side.</summary>
    public int Pad { get; }

    /// <summary>What is padded.</summary>
    public FillColor Fill { get; }

    /// <inheritdoc/>
    public void Apply(Span<byte> pixels, int width, int height, ref CounterRandom random)
    {
        int x = random.NextInt((2 * Pad) + 1) - Pad;
        PixelShift.Apply(pixels, width, height, x, random.NextInt((2 * Pad) + 1) - Pad, RgbColor.Of(Fill));
    }
}

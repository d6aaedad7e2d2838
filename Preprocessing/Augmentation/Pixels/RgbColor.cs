namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>A color in bytes.</summary>
internal readonly record struct RgbColor(byte Red, byte Green, byte Blue)
{
    /// <summary><see cref="Normalization.ImageNet"/>'s mean times 255, rounded.</summary>
    public static RgbColor ImageNetMean { get; } = new(124, 116, 104);

    public static RgbColor Of(FillColor fill) => fill == FillColor.Black ? default : ImageNetMean;

    /// <summary>Fills whole pixels.</summary>
    public void Fill(Span<byte> pixels)
    {
        for (int i = 0; i + 2 < pixels.Length; i += 3)
        {
            pixels[i] = Red;
            pixels[i + 1] = Green;
            pixels[i + 2] = Blue;
        }
    }
}

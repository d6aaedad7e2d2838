namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>Brightness, contrast and saturation, as torchvision's functions of those names define them, rounded to the nearest byte.</summary>
internal static class ColorOperations
{
    /// <summary>Blends with black.</summary>
    public static void AdjustBrightness(Span<byte> pixels, double factor) => BlendWith(pixels, 0, factor);

    /// <summary>Blends with the mean of the gray image, rounded.</summary>
    public static void AdjustContrast(Span<byte> pixels, double factor)
    {
        long sum = 0;
        for (int i = 0; i + 2 < pixels.Length; i += 3)
        {
            sum += Gray(pixels[i], pixels[i + 1], pixels[i + 2]);
        }

        int count = pixels.Length / 3;
        BlendWith(pixels, (int)(((2 * sum) + count) / (2 * count)), factor);
    }

    /// <summary>Blends with the gray image.</summary>
    public static void AdjustSaturation(Span<byte> pixels, double factor)
    {
        var blend = new ByteBlend(factor);
        for (int i = 0; i + 2 < pixels.Length; i += 3)
        {
            int gray = Gray(pixels[i], pixels[i + 1], pixels[i + 2]);
            pixels[i] = blend.Of(pixels[i], gray);
            pixels[i + 1] = blend.Of(pixels[i + 1], gray);
            pixels[i + 2] = blend.Of(pixels[i + 2], gray);
        }
    }

    // ITU-R BT.601's luma, in 1/65536, rounded.
    private static int Gray(int red, int green, int blue) => ((19595 * red) + (38470 * green) + (7471 * blue) + 32768) >> 16;

    private static void BlendWith(Span<byte> pixels, int origin, double factor)
    {
        var blend = new ByteBlend(factor);
        Span<byte> table = stackalloc byte[ByteTables.Size];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = blend.Of(i, origin);
        }

        ByteTables.Apply(pixels, table);
    }
}

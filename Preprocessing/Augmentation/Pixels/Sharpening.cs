using System.Buffers;

namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>
/// Blends with a smoothed image, as torchvision's <c>adjust_sharpness</c> and Pillow's <c>SMOOTH</c> define it: the 3 x 3 neighborhood with
/// weight 1 and the pixel itself with 5, over 13. The outermost pixels are not smoothed.
/// </summary>
internal static class Sharpening
{
    private const int Weight = 13;

    /// <summary>Smooths with a factor below 1, sharpens above.</summary>
    public static void Apply(Span<byte> pixels, int width, int height, double factor)
    {
        if (width < 3 || height < 3)
        {
            return;
        }

        int stride = 3 * width;
        byte[] rented = ArrayPool<byte>.Shared.Rent(pixels.Length);
        int[] rentedSums = ArrayPool<int>.Shared.Rent(stride);
        Span<byte> source = rented.AsSpan(0, pixels.Length);
        pixels.CopyTo(source);
        var blend = new ByteBlend(factor);
        for (int y = 1; y < height - 1; y++)
        {
            Row(source.Slice((y - 1) * stride, 3 * stride), rentedSums.AsSpan(0, stride), pixels.Slice(y * stride, stride), blend);
        }

        ArrayPool<int>.Shared.Return(rentedSums);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void Row(ReadOnlySpan<byte> source, Span<int> sums, Span<byte> row, ByteBlend blend)
    {
        ReadOnlySpan<byte> above = source[..row.Length];
        ReadOnlySpan<byte> here = source.Slice(row.Length, row.Length);
        ReadOnlySpan<byte> below = source.Slice(2 * row.Length, row.Length);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = above[i] + here[i] + below[i];
        }

        for (int i = 3; i < row.Length - 3; i++)
        {
            int smooth = (sums[i - 3] + sums[i] + sums[i + 3] + (4 * here[i]) + (Weight / 2)) / Weight;
            row[i] = blend.Of(here[i], smooth);
        }
    }
}

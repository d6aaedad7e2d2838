using System.Runtime.Intrinsics;
using MLClassify.Imaging.Jpeg;

namespace MLClassify.Imaging.Encoding;

/// <summary>From pixels to quantized coefficients: color space, subsampling, padding, transform, quantization.</summary>
internal static class JpegPlanes
{
    public static JpegPlane[] Create(Image image, ChromaSubsampling subsampling, byte[] luminance, byte[] chrominance)
    {
        int sampling = subsampling == ChromaSubsampling.Ratio420 ? 2 : 1;
        int unit = 8 * sampling;
        int unitsWide = (image.Width + unit - 1) / unit;
        int unitsHigh = (image.Height + unit - 1) / unit;
        JpegPlane[] planes =
        [
            new(sampling, unitsWide * sampling, unitsHigh * sampling),
            new(1, unitsWide, unitsHigh),
            new(1, unitsWide, unitsHigh),
        ];
        float[][] steps = [Reciprocals(luminance), Reciprocals(chrominance), Reciprocals(chrominance)];

        // A band of one unit's height at a time keeps the floats in cache, whatever the image's size.
        int stride = unitsWide * unit;
        float[][] band = [new float[stride * unit], new float[stride * unit], new float[stride * unit]];
        for (int unitRow = 0; unitRow < unitsHigh; unitRow++)
        {
            ConvertBand(image, unitRow * unit, unit, stride, band);
            TransformBand(band[0], stride, planes[0], unitRow * sampling, sampling, steps[0]);
            for (int component = 1; component < 3; component++)
            {
                if (sampling == 2)
                {
                    Halve(band[component], stride, unit);
                }

                TransformBand(band[component], stride, planes[component], unitRow, 1, steps[component]);
            }
        }

        return planes;
    }

    /// <summary>JFIF 1.02's conversion, shifted so that mid-gray is zero. The last column and row are repeated into the padding.</summary>
    private static void ConvertBand(Image image, int top, int rows, int stride, float[][] band)
    {
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<byte> source = image.Row(Math.Min(top + row, image.Height - 1));
            Span<float> luma = band[0].AsSpan(row * stride, stride);
            Span<float> blueDifference = band[1].AsSpan(row * stride, stride);
            Span<float> redDifference = band[2].AsSpan(row * stride, stride);
            for (int x = 0; x < image.Width; x++)
            {
                float red = source[3 * x], green = source[(3 * x) + 1], blue = source[(3 * x) + 2];
                luma[x] = (0.299f * red) + (0.587f * green) + (0.114f * blue) - 128;
                blueDifference[x] = (-0.168735892f * red) - (0.331264108f * green) + (0.5f * blue);
                redDifference[x] = (0.5f * red) - (0.418687589f * green) - (0.081312411f * blue);
            }

            luma[image.Width..].Fill(luma[image.Width - 1]);
            blueDifference[image.Width..].Fill(blueDifference[image.Width - 1]);
            redDifference[image.Width..].Fill(redDifference[image.Width - 1]);
        }
    }

    /// <summary>Averages 2 x 2 samples in place; the result keeps the stride and fills its left half.</summary>
    private static void Halve(Span<float> plane, int stride, int rows)
    {
        for (int row = 0; row < rows / 2; row++)
        {
            ReadOnlySpan<float> upper = plane.Slice(2 * row * stride, stride);
            ReadOnlySpan<float> lower = plane.Slice(((2 * row) + 1) * stride, stride);
            Span<float> target = plane.Slice(row * stride, stride);
            for (int x = 0; x < stride / 2; x++)
            {
                target[x] = 0.25f * (upper[2 * x] + upper[(2 * x) + 1] + lower[2 * x] + lower[(2 * x) + 1]);
            }
        }
    }

    private static void TransformBand(ReadOnlySpan<float> band, int stride, JpegPlane plane, int firstBlockRow, int blockRows, float[] steps)
    {
        Span<float> block = stackalloc float[64];
        for (int blockRow = 0; blockRow < blockRows; blockRow++)
        {
            for (int column = 0; column < plane.BlocksWide; column++)
            {
                for (int y = 0; y < 8; y++)
                {
                    band.Slice((((blockRow * 8) + y) * stride) + (column * 8), 8).CopyTo(block[(8 * y)..]);
                }

                ForwardDct.Transform(block);
                Quantize(block, steps, plane.Block(firstBlockRow + blockRow, column));
            }
        }
    }

    private static void Quantize(Span<float> block, ReadOnlySpan<float> steps, Span<short> coefficients)
    {
        for (int i = 0; i < 64; i += 8)
        {
            Vector256.Round(Vector256.Create<float>(block[i..]) * Vector256.Create(steps[i..])).CopyTo(block[i..]);
        }

        // Baseline codes have no category above 11 (DC differences) and 10 (AC): T.81 tables F.1 and F.2.
        ReadOnlySpan<byte> order = ZigZag.ToNatural;
        for (int i = 0; i < 64; i++)
        {
            coefficients[i] = (short)Math.Clamp((int)block[order[i]], -1023, 1023);
        }
    }

    private static float[] Reciprocals(byte[] table) => Array.ConvertAll(table, step => 1f / step);
}

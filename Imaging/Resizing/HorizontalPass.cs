using System.Buffers;
using System.Runtime.CompilerServices;

namespace MLClassify.Imaging.Resizing;

/// <summary>Filters along rows: <c>[rows, SourceWidth, 3]</c> to <c>[rows, WindowWidth, 3]</c>, bytes to bytes.</summary>
internal static unsafe partial class HorizontalPass
{
    // Rows are filtered four at a time: they share the weights, and their sums are independent.
    private const int RowBlock = 4;

    // The vector paths read 16 bytes from the first tap of each group of four (12 bytes), the last group padded with zero weights:
    // at most 13 bytes beyond the region's row.
    private const int Slack = 16;

    /// <summary>Where the rows of the region come from.</summary>
    /// <param name="pixels">The image's first byte.</param>
    /// <param name="length">Bytes in the image.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="rowOffset">Bytes before the region in each row.</param>
    /// <param name="rowLength">Bytes of the region in each row.</param>
    public readonly struct Source(byte* pixels, int length, int stride, int rowOffset, int rowLength)
    {
        public readonly int RowLength = rowLength;
        public readonly int Stride = stride;

        public byte* Row(int y) => pixels + Offset(y);

        /// <summary>Whether reading <see cref="Slack"/> bytes beyond the region's row stays within the image.</summary>
        public bool HasSlack(int y) => Offset(y) + RowLength + Slack <= length;

        private long Offset(int y) => ((long)y * Stride) + rowOffset;
    }

    /// <summary>Filters the rows <paramref name="firstRow"/>, ... of the image.</summary>
    /// <param name="source">The region.</param>
    /// <param name="firstRow">The first row, counted in the image.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="taps">The columns' taps, counted from the region's left edge.</param>
    /// <param name="output">Receives the rows; one byte beyond each row's pixels may be overwritten.</param>
    /// <param name="outputStride">Bytes from one output row to the next, more than three a pixel.</param>
    /// <param name="path">The implementation.</param>
    public static void Run(
        in Source source, int firstRow, int rows, in ResampleCoefficients taps, byte* output, int outputStride, ResamplePath path)
    {
        if (taps.IsIdentity)
        {
            for (int y = 0; y < rows; y++)
            {
                var row = new ReadOnlySpan<byte>(source.Row(firstRow + y) + (taps.First * 3), taps.Count * 3);
                row.CopyTo(new Span<byte>(output + ((long)y * outputStride), row.Length));
            }

            return;
        }

        int scratchStride = source.RowLength + Slack;
        byte[]? scratch = null;
        for (int y = 0; y < rows; y += RowBlock)
        {
            int block = Math.Min(RowBlock, rows - y);
            if (source.HasSlack(firstRow + y + block - 1))
            {
                Filter(source.Row(firstRow + y), source.Stride, block, taps, output + ((long)y * outputStride), outputStride, path);
                continue;
            }

            scratch ??= ArrayPool<byte>.Shared.Rent(checked(scratchStride * block));
            for (int r = 0; r < block; r++)
            {
                new ReadOnlySpan<byte>(source.Row(firstRow + y + r), source.RowLength).CopyTo(scratch.AsSpan(r * scratchStride));
            }

            fixed (byte* copy = scratch)
            {
                Filter(copy, scratchStride, block, taps, output + ((long)y * outputStride), outputStride, path);
            }
        }

        if (scratch is not null)
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Filter(
        byte* rows, long rowStride, int count, in ResampleCoefficients taps, byte* output, int outputStride, ResamplePath path)
    {
        // Missing rows of a last, short block repeat its last row: computed twice, stored twice in the same place.
        byte* row1 = rows + (Math.Min(1, count - 1) * rowStride);
        byte* row2 = rows + (Math.Min(2, count - 1) * rowStride);
        byte* row3 = rows + (Math.Min(3, count - 1) * rowStride);
        byte* output1 = output + ((long)Math.Min(1, count - 1) * outputStride);
        byte* output2 = output + ((long)Math.Min(2, count - 1) * outputStride);
        byte* output3 = output + ((long)Math.Min(3, count - 1) * outputStride);
        fixed (int* weights = taps.Weights)
        {
            if (path == ResamplePath.Avx2)
            {
                FilterAvx2(rows, row1, row2, row3, taps, weights, output, output1, output2, output3);
                return;
            }

            for (int x = 0; x < taps.Count; x++)
            {
                int start = taps.Starts[x] * 3;
                int length = taps.Lengths[x];
                int* pixelWeights = weights + ((long)x * taps.Stride);
                if (path == ResamplePath.Vector128)
                {
                    PixelVector128(rows + start, row1 + start, pixelWeights, length, output + (3 * x), output1 + (3 * x));
                    PixelVector128(row2 + start, row3 + start, pixelWeights, length, output2 + (3 * x), output3 + (3 * x));
                }
                else
                {
                    PixelScalar(rows + start, pixelWeights, length, output + (3 * x));
                    PixelScalar(row1 + start, pixelWeights, length, output1 + (3 * x));
                    PixelScalar(row2 + start, pixelWeights, length, output2 + (3 * x));
                    PixelScalar(row3 + start, pixelWeights, length, output3 + (3 * x));
                }
            }
        }
    }

    private static void PixelScalar(byte* input, int* weights, int length, byte* output)
    {
        int red = ResampleCoefficients.Rounding;
        int green = ResampleCoefficients.Rounding;
        int blue = ResampleCoefficients.Rounding;
        for (int i = 0; i < length; i++)
        {
            red += input[3 * i] * weights[i];
            green += input[(3 * i) + 1] * weights[i];
            blue += input[(3 * i) + 2] * weights[i];
        }

        output[0] = Clip(red);
        output[1] = Clip(green);
        output[2] = Clip(blue);
    }

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> ResampleCoefficients.PrecisionBits, 0, 255);
}

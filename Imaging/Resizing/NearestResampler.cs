using System.Buffers;

namespace MLClassify.Imaging.Resizing;

/// <summary>Nearest neighbor: the source pixel under each output pixel's center.</summary>
internal static class NearestResampler
{
    public static void Resample(Image image, in ResizeRequest request, Span<byte> destination)
    {
        int[] columns = ArrayPool<int>.Shared.Rent(request.WindowWidth);
        int[] rows = ArrayPool<int>.Shared.Rent(request.WindowHeight);
        FillIndices(columns.AsSpan(0, request.WindowWidth), request.Left, request.Source.Width, request.Width);
        FillIndices(rows.AsSpan(0, request.WindowHeight), request.Top, request.Source.Height, request.Height);

        int stride = request.WindowWidth * 3;
        for (int y = 0; y < request.WindowHeight; y++)
        {
            ReadOnlySpan<byte> source = image.Row(request.Source.Y + rows[y])[(request.Source.X * 3)..];
            Span<byte> row = destination.Slice(y * stride, stride);
            for (int x = 0; x < request.WindowWidth; x++)
            {
                source.Slice(3 * columns[x], 3).CopyTo(row[(3 * x)..]);
            }
        }

        ArrayPool<int>.Shared.Return(columns);
        ArrayPool<int>.Shared.Return(rows);
    }

    // Pillow steps from center to center by addition, whose rounding decides the ties; that is repeated here up to a size
    // beyond which stepping to a far window would take long.
    private static void FillIndices(Span<int> indices, long offset, int sourceSize, long size)
    {
        const int MaxSteps = 1 << 16;
        double scale = (double)sourceSize / size;
        double position = scale * 0.5;
        if (offset > MaxSteps)
        {
            position += offset * scale;
        }
        else
        {
            for (int i = 0; i < offset; i++)
            {
                position += scale;
            }
        }

        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = Math.Min((int)position, sourceSize - 1);
            position += scale;
        }
    }
}

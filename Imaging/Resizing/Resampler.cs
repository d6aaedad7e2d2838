using System.Buffers;

namespace MLClassify.Imaging.Resizing;

/// <summary>
/// Separable antialiased resampling with 8-bit intermediates: rows first, then columns, each rounded to a byte. That is what Pillow
/// computes, and what the published ImageNet weights were measured with.
/// </summary>
internal static unsafe class Resampler
{
    // Larger windows are halved until they fit: taps of a hostile 100,000,000 x 1 image would otherwise fill gigabytes,
    // and intermediates that fit the second-level cache are faster anyway.
    private const long MaxWeights = 1 << 21;
    private const long MaxIntermediateBytes = 1 << 20;
    private const long MaxTallIntermediateBytes = 1 << 26;
    private const int MinSplitWidth = 16;

    public static void Resample(Image image, in ResizeRequest request, Span<byte> destination) =>
        Resample(image, request, destination, ResamplePaths.Best);

    public static void Resample(Image image, in ResizeRequest request, Span<byte> destination, ResamplePath path)
    {
        fixed (byte* output = destination)
        {
            Split(image, request, output, request.WindowWidth * 3, path);
        }
    }

    private static void Split(Image image, in ResizeRequest request, byte* output, int outputStride, ResamplePath path)
    {
        if (MustSplitRows(request))
        {
            int half = request.WindowHeight / 2;
            Split(image, request with { WindowHeight = half }, output, outputStride, path);
            var lower = request with { Top = request.Top + half, WindowHeight = request.WindowHeight - half };
            Split(image, lower, output + ((long)half * outputStride), outputStride, path);
        }
        else if (MustSplitColumns(request))
        {
            int half = request.WindowWidth / 2;
            Split(image, request with { WindowWidth = half }, output, outputStride, path);
            var right = request with { Left = request.Left + half, WindowWidth = request.WindowWidth - half };
            Split(image, right, output + (half * 3), outputStride, path);
        }
        else
        {
            ResampleWindow(image, request, output, outputStride, path);
        }
    }

    // Neighboring windows share the rows of a filter's width and compute them twice, so a window stays taller than that.
    private static bool MustSplitRows(in ResizeRequest request)
    {
        int taps = ResampleCoefficients.TapStride(request.Interpolation, request.Source.Height, request.Height);
        bool mostlyShared = request.WindowHeight * ((double)request.Source.Height / request.Height) < 4.0 * taps;
        return request.WindowHeight > 1
            && ((long)taps * request.WindowHeight > MaxWeights || (!mostlyShared && IntermediateBytes(request) > MaxIntermediateBytes));
    }

    private static bool MustSplitColumns(in ResizeRequest request)
    {
        int taps = ResampleCoefficients.TapStride(request.Interpolation, request.Source.Width, request.Width);
        return (request.WindowWidth > 1 && (long)taps * request.WindowWidth > MaxWeights)
            || (request.WindowWidth > MinSplitWidth && IntermediateBytes(request) > MaxTallIntermediateBytes);
    }

    private static double IntermediateBytes(in ResizeRequest request)
    {
        int taps = ResampleCoefficients.TapStride(request.Interpolation, request.Source.Height, request.Height);
        double rows = (request.WindowHeight * ((double)request.Source.Height / request.Height)) + taps;
        return Math.Min(rows, request.Source.Height) * VerticalPass.PaddedStride(request.WindowWidth * 3);
    }

    private static void ResampleWindow(Image image, in ResizeRequest request, byte* output, int outputStride, ResamplePath path)
    {
        using var horizontal = ResampleCoefficients.Create(
            request.Interpolation, request.Source.Width, request.Width, request.Left, request.WindowWidth);
        using var vertical = ResampleCoefficients.Create(
            request.Interpolation, request.Source.Height, request.Height, request.Top, request.WindowHeight);

        int firstRow = vertical.First;
        int rows = vertical.End - firstRow;
        int stride = VerticalPass.PaddedStride(request.WindowWidth * 3);
        byte[] intermediate = ArrayPool<byte>.Shared.Rent(checked(rows * stride));
        fixed (byte* buffer = intermediate)
        fixed (byte* pixels = image.Pixels)
        {
            var source = new HorizontalPass.Source(
                pixels, image.Pixels.Length, image.Width * 3, request.Source.X * 3, request.Source.Width * 3);
            HorizontalPass.Run(source, request.Source.Y + firstRow, rows, horizontal, buffer, stride, path);
            VerticalPass.Run(buffer, stride, firstRow, vertical, output, outputStride, request.WindowWidth * 3, path);
        }

        ArrayPool<byte>.Shared.Return(intermediate);
    }
}

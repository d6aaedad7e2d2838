using System.Buffers;
using MLClassify.Imaging;
using MLClassify.Imaging.Resizing;

namespace MLClassify.Preprocessing;

/// <summary>Turns a spec and a view into one fused resize-and-crop.</summary>
internal static class ViewGeometry
{
    /// <summary>Writes the view as bytes, <c>[CropSize, CropSize, 3]</c>, not mirrored.</summary>
    public static void Cut(Image image, PreprocessingSpec spec, in ImageView view, Span<byte> destination)
    {
        ResizeRequest request = Request(image, spec, view);
        int size = spec.CropSize;
        if (request.WindowWidth == size && request.WindowHeight == size)
        {
            ImageResizer.Resize(image, request, destination);
            return;
        }

        int stride = request.WindowWidth * 3;
        byte[] window = ArrayPool<byte>.Shared.Rent(stride * request.WindowHeight);
        ImageResizer.Resize(image, request, window.AsSpan(0, stride * request.WindowHeight));
        destination.Clear();
        int left = (size - request.WindowWidth) / 2;
        int top = (size - request.WindowHeight) / 2;
        for (int y = 0; y < request.WindowHeight; y++)
        {
            window.AsSpan(y * stride, stride).CopyTo(destination[(3 * (((top + y) * size) + left))..]);
        }

        ArrayPool<byte>.Shared.Return(window);
    }

    internal static ResizeRequest Request(Image image, PreprocessingSpec spec, in ImageView view)
    {
        int size = spec.CropSize;
        if (view.Region is { } region)
        {
            return new ResizeRequest
            {
                Source = region,
                Width = size,
                Height = size,
                WindowWidth = size,
                WindowHeight = size,
                Interpolation = spec.Interpolation,
            };
        }

        (long width, long height) = ResizedSize(image, spec);
        bool right = view.Position is CropPosition.TopRight or CropPosition.BottomRight;
        bool bottom = view.Position is CropPosition.BottomLeft or CropPosition.BottomRight;
        bool center = view.Position == CropPosition.Center;
        return new ResizeRequest
        {
            Source = PixelRectangle.Whole(image),
            Width = width,
            Height = height,
            Left = view.Offset is { } left ? CropOffset.Of(left.X, Math.Max(width - size, 0)) : Offset(width, size, center, right),
            Top = view.Offset is { } top ? CropOffset.Of(top.Y, Math.Max(height - size, 0)) : Offset(height, size, center, bottom),
            WindowWidth = (int)Math.Min(size, width),
            WindowHeight = (int)Math.Min(size, height),
            Interpolation = spec.Interpolation,
        };
    }

    private static (long Width, long Height) ResizedSize(Image image, PreprocessingSpec spec)
    {
        long size = spec.ResizeSize;
        return spec.Resize switch
        {
            ResizeRule.Stretch => (size, size),
            ResizeRule.ShortSide when image.Width <= image.Height => (size, size * image.Height / image.Width),
            ResizeRule.ShortSide => (size * image.Width / image.Height, size),
            _ => (image.Width, image.Height),
        };
    }

    private static long Offset(long size, int crop, bool center, bool atEnd)
    {
        if (size <= crop)
        {
            return 0;
        }

        return center ? ImageCropper.CenterOffset(size, crop) : atEnd ? size - crop : 0;
    }
}

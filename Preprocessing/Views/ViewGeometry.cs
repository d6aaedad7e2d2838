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
        Fill(destination[..(3 * size * size)], spec);
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
            (int across, int down) = spec.Resize == ResizeRule.Pad ? Letterbox(region.Width, region.Height, size) : (size, size);
            return new ResizeRequest
            {
                Source = region,
                Width = across,
                Height = down,
                WindowWidth = across,
                WindowHeight = down,
                Interpolation = spec.Interpolation,
            };
        }

        (long width, long height) = ResizedSize(image.Width, image.Height, spec);
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

    /// <summary>
    /// The size of an image as augmentation's random parts of it are chosen: its own where it is cropped; a square where it is squashed or
    /// padded as a whole, so that a part has the image's proportions, and not the network's.
    /// </summary>
    public static (int Width, int Height) Frame(Image image, PreprocessingSpec spec)
    {
        int side = Math.Max(image.Width, image.Height);
        return spec.Resize is ResizeRule.Stretch or ResizeRule.Pad ? (side, side) : (image.Width, image.Height);
    }

    /// <summary>A part of <see cref="Frame"/> in the image's own pixels: at least one each way.</summary>
    public static PixelRectangle FromFrame(PixelRectangle part, Image image, PreprocessingSpec spec)
    {
        (int width, int height) = Frame(image, spec);
        (int x, int across) = Scale(part.X, part.Width, width, image.Width);
        (int y, int down) = Scale(part.Y, part.Height, height, image.Height);
        return new PixelRectangle(x, y, across, down);
    }

    private static (int Start, int Length) Scale(int start, int length, int frame, int side)
    {
        int from = (int)Math.Min((long)start * side / frame, side - 1);
        int to = (int)(((long)start + length) * side / frame);
        return (from, Math.Max(to - from, 1));
    }

    // Black where nothing is resized; the mean color, which is about 0 for the network, around what is padded.
    private static void Fill(Span<byte> destination, PreprocessingSpec spec)
    {
        if (spec.Resize != ResizeRule.Pad)
        {
            destination.Clear();
            return;
        }

        byte red = Byte(spec.Mean.Red, spec.Scale);
        byte green = Byte(spec.Mean.Green, spec.Scale);
        byte blue = Byte(spec.Mean.Blue, spec.Scale);
        for (int i = 0; i < destination.Length; i += 3)
        {
            (destination[i], destination[i + 1], destination[i + 2]) = (red, green, blue);
        }
    }

    private static byte Byte(float mean, float scale) => (byte)Math.Clamp(Math.Round((double)mean / scale), 0, byte.MaxValue);

    private static (int Width, int Height) Letterbox(int width, int height, int size) => width >= height
        ? (size, (int)Math.Max((long)size * height / width, 1))
        : ((int)Math.Max((long)size * width / height, 1), size);

    /// <summary>The share of an image's area that the center crop sees, 0 to 1.</summary>
    public static double ShareSeen(int width, int height, PreprocessingSpec spec)
    {
        (long across, long down) = ResizedSize(width, height, spec);
        return (double)Math.Min(across, spec.CropSize) / across * Math.Min(down, spec.CropSize) / down;
    }

    private static (long Width, long Height) ResizedSize(int width, int height, PreprocessingSpec spec)
    {
        long size = spec.ResizeSize;
        return spec.Resize switch
        {
            ResizeRule.Stretch => (size, size),
            ResizeRule.Pad => Letterbox(width, height, spec.ResizeSize),
            ResizeRule.ShortSide when width <= height => (size, size * height / width),
            ResizeRule.ShortSide => (size * width / height, size),
            _ => (width, height),
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

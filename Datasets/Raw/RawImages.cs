using MLClassify.Imaging;

namespace MLClassify.Datasets;

/// <summary>Images of one size in one file, with a label each, as CIFAR's batches and IDX files hold them. Immutable.</summary>
public sealed class RawImages
{
    private readonly byte[] _bytes;
    private readonly int _first;
    private readonly int _stride;
    private readonly int[] _labels;

    /// <summary>Takes bytes over.</summary>
    /// <param name="width">The width of every image in pixels.</param>
    /// <param name="height">Their height.</param>
    /// <param name="channels">1 for gray, or 3 for red, green and blue, a plane each.</param>
    /// <param name="bytes">Where the images are.</param>
    /// <param name="first">Where the first image's pixels begin.</param>
    /// <param name="stride">Bytes from one image to the next.</param>
    /// <param name="labels">The labels; there are as many images.</param>
    internal RawImages(int width, int height, int channels, byte[] bytes, int first, int stride, int[] labels)
    {
        (Width, Height, Channels) = (width, height, channels);
        (_bytes, _first, _stride, _labels) = (bytes, first, stride, labels);
    }

    /// <summary>The width of every image, in pixels.</summary>
    public int Width { get; }

    /// <summary>The height of every image, in pixels.</summary>
    public int Height { get; }

    /// <summary>1 for gray images, 3 for colored ones.</summary>
    public int Channels { get; }

    /// <summary>How many images there are.</summary>
    public int Count => _labels.Length;

    /// <summary>The class's index of each image.</summary>
    public IReadOnlyList<int> Labels => _labels;

    /// <summary>An image; gray ones have three equal channels.</summary>
    /// <param name="index">Its place in the file, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public Image this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            int size = Width * Height;
            ReadOnlySpan<byte> planes = _bytes.AsSpan(_first + (index * _stride), size * Channels);
            ReadOnlySpan<byte> red = planes[..size];
            ReadOnlySpan<byte> green = Channels == 1 ? red : planes[size..(2 * size)];
            ReadOnlySpan<byte> blue = Channels == 1 ? red : planes[(2 * size)..];
            var image = new Image(Width, Height);
            Span<byte> pixels = image.Pixels;
            for (int i = 0; i < size; i++)
            {
                pixels[3 * i] = red[i];
                pixels[(3 * i) + 1] = green[i];
                pixels[(3 * i) + 2] = blue[i];
            }

            return image;
        }
    }
}

namespace MLClassify.Imaging;

/// <summary>A decoded image: 8-bit RGB, rows from top to bottom, no padding between rows.</summary>
public sealed partial class Image
{
    private readonly byte[] _pixels;
    private readonly int _length;

    /// <summary>Creates a black image.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or the image exceeds 2^31 bytes.</exception>
    public Image(int width, int height)
        : this(width, height, new byte[ByteCount(width, height)])
    {
    }

    /// <summary>Wraps pixels without copying them.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="pixels">Interleaved R, G, B; exactly <c>width * height * 3</c> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    /// <exception cref="ArgumentException">The array's length does not match the sides.</exception>
    public Image(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Length != ByteCount(width, height))
        {
            throw new ArgumentException($"A {width} x {height} RGB image needs {ByteCount(width, height)} bytes, got {pixels.Length}.", nameof(pixels));
        }

        Width = width;
        Height = height;
        _pixels = pixels;
        _length = pixels.Length;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>All pixels, interleaved R, G, B: <c>[Height, Width, 3]</c>.</summary>
    public Span<byte> Pixels => _pixels.AsSpan(0, _length);

    /// <summary>One row of pixels, <c>[Width, 3]</c>.</summary>
    /// <param name="y">The row, from 0 at the top.</param>
    public Span<byte> Row(int y) => _pixels.AsSpan(y * Width * 3, Width * 3);

    private static int ByteCount(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        long pixels = (long)width * height;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pixels, Array.MaxLength / 3);
        return (int)(pixels * 3);
    }
}

using System.Buffers;
using MLClassify.Imaging.Bmp;
using MLClassify.Imaging.Gif;
using MLClassify.Imaging.Jpeg;
using MLClassify.Imaging.Png;

namespace MLClassify.Imaging;

/// <summary>Finds the format from the content and hands over to its decoder.</summary>
internal static class ImageDecoder
{
    // Larger arrays are not worth keeping in the pool once their image is done.
    private const long LargestPooled = 16 << 20;

    public static Image Load(string path, DecodeOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        if (!file.CanSeek || file.Length is 0 or > LargestPooled)
        {
            using var content = new MemoryStream();
            file.CopyTo(content);
            return Decode(content.GetBuffer().AsSpan(0, (int)content.Length), options);
        }

        byte[] encoded = ArrayPool<byte>.Shared.Rent((int)file.Length);
        try
        {
            int length = file.ReadAtLeast(encoded.AsSpan(0, (int)file.Length), (int)file.Length, throwOnEndOfStream: false);
            return Decode(encoded.AsSpan(0, length), options);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(encoded);
        }
    }

    public static Image Decode(ReadOnlySpan<byte> encoded, DecodeOptions? options)
    {
        options ??= DecodeOptions.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPixels, 1);
        return ImageFormats.Detect(encoded) switch
        {
            ImageFormat.Jpeg => JpegDecoder.Decode(encoded, options),
            ImageFormat.Png => PngDecoder.Decode(encoded, options),
            ImageFormat.Bmp => BmpDecoder.Decode(encoded, options),
            ImageFormat.Gif => GifDecoder.Decode(encoded, options),
            var format => throw new UnsupportedImageException(ImageFormats.Name(format), "this format is not supported; convert the image to JPEG or PNG"),
        };
    }
}

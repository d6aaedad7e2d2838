using MLClassify.Imaging.Bmp;
using MLClassify.Imaging.Gif;
using MLClassify.Imaging.Jpeg;
using MLClassify.Imaging.Png;

namespace MLClassify.Imaging;

/// <summary>Finds the format from the content and hands over to its decoder.</summary>
internal static class ImageDecoder
{
    public static Image Load(string path, DecodeOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Decode(File.ReadAllBytes(path), options);
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

using System.Buffers.Binary;

namespace MLClassify.Imaging;

/// <summary>Recognizes formats by content.</summary>
internal static class ImageFormats
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> Jpeg2000Signature =>
        [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', 0x0D, 0x0A, 0x87, 0x0A];

    private static ReadOnlySpan<byte> Jpeg2000Codestream => [0xFF, 0x4F, 0xFF, 0x51];

    private static ReadOnlySpan<byte> JpegXlSignature => [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', 0x0D, 0x0A, 0x87, 0x0A];

    /// <summary>Tells the format from a file's first bytes.</summary>
    /// <param name="encoded">The file's bytes; the first 32 suffice.</param>
    /// <exception cref="InvalidImageException">No image format begins like this.</exception>
    public static ImageFormat Detect(ReadOnlySpan<byte> encoded)
    {
        if (encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return ImageFormat.Jpeg;
        }

        if (encoded.StartsWith(PngSignature))
        {
            return ImageFormat.Png;
        }

        if (encoded.StartsWith("GIF87a"u8) || encoded.StartsWith("GIF89a"u8))
        {
            return ImageFormat.Gif;
        }

        if (IsBmp(encoded))
        {
            return ImageFormat.Bmp;
        }

        if (encoded.Length >= 12 && encoded.StartsWith("RIFF"u8) && encoded.Slice(8, 4).SequenceEqual("WEBP"u8))
        {
            return ImageFormat.WebP;
        }

        if (IsTiff(encoded))
        {
            return ImageFormat.Tiff;
        }

        if (encoded.StartsWith(Jpeg2000Signature) || encoded.StartsWith(Jpeg2000Codestream))
        {
            return ImageFormat.Jpeg2000;
        }

        if (encoded.StartsWith(JpegXlSignature) || encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]))
        {
            return ImageFormat.JpegXl;
        }

        return DetectBrand(encoded) ?? throw UnknownContent.Error(encoded);
    }

    /// <summary>The format's usual name, for messages.</summary>
    /// <param name="format">The format.</param>
    public static string Name(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "JPEG",
        ImageFormat.Png => "PNG",
        ImageFormat.Bmp => "BMP",
        ImageFormat.Gif => "GIF",
        ImageFormat.WebP => "WebP",
        ImageFormat.Avif => "AVIF",
        ImageFormat.Heic => "HEIC",
        ImageFormat.Tiff => "TIFF",
        ImageFormat.Jpeg2000 => "JPEG 2000",
        ImageFormat.JpegXl => "JPEG XL",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format."),
    };

    // "BM" alone begins many a text; the size of the second header (12 to 124 in every published version) tells a bitmap.
    private static bool IsBmp(ReadOnlySpan<byte> encoded) =>
        encoded.Length >= 18 && encoded.StartsWith("BM"u8) && BinaryPrimitives.ReadUInt32LittleEndian(encoded[14..]) is >= 12 and <= 256;

    // TIFF 6.0 section 2; 43 instead of 42 is BigTIFF.
    private static bool IsTiff(ReadOnlySpan<byte> encoded) =>
        encoded.StartsWith("II*\0"u8) || encoded.StartsWith("MM\0*"u8) || encoded.StartsWith("II+\0"u8) || encoded.StartsWith("MM\0+"u8);

    // ISO/IEC 14496-12 section 4.3: a file type box holds a major brand, a version, then compatible brands.
    private static ImageFormat? DetectBrand(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length < 12 || !encoded.Slice(4, 4).SequenceEqual("ftyp"u8))
        {
            return null;
        }

        ImageFormat? found = Brand(encoded.Slice(8, 4));
        int end = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(encoded), Math.Min(encoded.Length, 32));
        for (int i = 16; found is null or ImageFormat.Heic && i + 4 <= end; i += 4)
        {
            found = Brand(encoded.Slice(i, 4)) is { } compatible && (found is null || compatible == ImageFormat.Avif) ? compatible : found;
        }

        return found;
    }

    private static ImageFormat? Brand(ReadOnlySpan<byte> brand)
    {
        if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
        {
            return ImageFormat.Avif;
        }

        if (brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8))
        {
            return ImageFormat.Heic;
        }

        return brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) ? ImageFormat.Heic : null;
    }
}

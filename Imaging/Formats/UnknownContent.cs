using System.Globalization;

namespace MLClassify.Imaging;

/// <summary>Describes content that no image format begins with: what lies in image folders by mistake gets its name.</summary>
internal static class UnknownContent
{
    private const int Sample = 64;

    public static InvalidImageException Error(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty)
        {
            return new InvalidImageException(null, "the file is empty; expected JPEG, PNG, BMP or GIF", 0) { IsTruncated = true };
        }

        string? kind = Kind(encoded);
        if (kind is null && IsDamagedPng(encoded))
        {
            string signature = Hex(encoded[..8]);
            return new InvalidImageException(
                "PNG", $"found the signature {signature}, expected 89 50 4E 47 0D 0A 1A 0A; was the file transferred as text?", 0);
        }

        string bytes = Hex(encoded[..Math.Min(encoded.Length, 4)]);
        string named = kind is null ? "" : $" ({kind})";
        return new InvalidImageException(
            null, $"no known image format begins with the bytes {bytes}{named}; expected JPEG, PNG, BMP or GIF", 0);
    }

    private static string Hex(ReadOnlySpan<byte> bytes) =>
        string.Join(' ', bytes.ToArray().Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));

    // The signature's line ends and its top bit exist to show such damage (PNG, third edition, section 5.2); three of four letters suffice.
    private static bool IsDamagedPng(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length < 8)
        {
            return false;
        }

        int hits = 0;
        for (int i = 0; i < 4; i++)
        {
            hits += encoded[i] == "\u0089PNG"[i] ? 1 : 0;
        }

        return hits >= 3 || encoded[4..].StartsWith("\r\n\x1a\n"u8);
    }

    private static string? Kind(ReadOnlySpan<byte> encoded)
    {
        if (encoded.StartsWith("PK\x03\x04"u8))
        {
            return "a ZIP archive";
        }

        if (encoded.StartsWith("%PDF"u8))
        {
            return "a PDF document";
        }

        if (encoded.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return "gzip data";
        }

        if (encoded.StartsWith("8BPS"u8))
        {
            return "a Photoshop document";
        }

        if (encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
        {
            return "a damaged JPEG";
        }

        if (!encoded.ContainsAnyExcept((byte)0))
        {
            return "zero bytes only";
        }

        return TextKind(encoded);
    }

    private static string? TextKind(ReadOnlySpan<byte> encoded)
    {
        ReadOnlySpan<byte> text = encoded[..Math.Min(encoded.Length, Sample)];
        if (text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            text = text[3..];
        }
        else if (text.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || text.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return "text";
        }

        foreach (byte b in text)
        {
            // Bytes from 0x80 on are parts of UTF-8 or Latin-1 letters; control characters other than white space are never text.
            if (b is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0C) or 0x7F)
            {
                return null;
            }
        }

        text = text.TrimStart(" \t\r\n"u8);
        if (text.StartsWith("version https://git-lfs"u8))
        {
            return "a Git LFS pointer: the image itself was not fetched";
        }

        bool isHtml = StartsWithWord(text, "<!doctype html"u8) || StartsWithWord(text, "<html"u8);
        if (isHtml)
        {
            return "an HTML page: the download probably failed";
        }

        if (StartsWithWord(text, "<svg"u8))
        {
            return "an SVG drawing";
        }

        if (StartsWithWord(text, "<?xml"u8))
        {
            return "XML";
        }

        return "text";
    }

    private static bool StartsWithWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerCase) =>
        text.Length >= lowerCase.Length && System.Text.Ascii.EqualsIgnoreCase(text[..lowerCase.Length], lowerCase);
}

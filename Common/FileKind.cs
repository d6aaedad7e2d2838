using System.Text;

namespace MLClassify.Common;

/// <summary>Says what a file is that is not what was expected, by its first bytes.</summary>
internal static class FileKind
{
    /// <summary>How many bytes <see cref="Describe"/> looks at.</summary>
    public const int Sample = 64;

    private static readonly (byte[] Start, string Kind)[] Starts =
    [
        ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        ([0x89, .. "PNG\r\n"u8], "a PNG image"),
        ([.. "GIF8"u8], "a GIF image"),
        ([.. "II*\0"u8], "a TIFF image"),
        ([.. "MM\0*"u8], "a TIFF image"),
        ([.. "8BPS"u8], "a Photoshop document"),
        ([.. "%PDF"u8], "a PDF document"),
        ([.. "PK\x3\x4"u8], "a zip archive"),
        ([.. "PK\x5\x6"u8], "an empty zip archive"),
        ([.. "Rar!"u8], "a RAR archive"),
        ([.. "7z"u8, 0xBC, 0xAF], "a 7-Zip archive"),
        ([0x89, .. "HDF"u8], "an HDF5 file, such as Keras writes, which is not supported"),
        ([.. "version https:/"u8], "a pointer to a file in Git LFS; the file itself was not fetched"),
        ([0x1F, 0x8B], "a file that is compressed with gzip; unpack it first"),
    ];

    /// <summary>What content is, with its article: <c>a JPEG image</c>, <c>a text file</c>.</summary>
    /// <param name="start">The file's first bytes, <see cref="Sample"/> of them where there are as many.</param>
    /// <returns>The kind; null where it is not one that is taken for something else.</returns>
    public static string? Describe(ReadOnlySpan<byte> start)
    {
        foreach ((byte[] signature, string kind) in Starts)
        {
            if (start.StartsWith(signature))
            {
                return kind;
            }
        }

        return start switch
        {
            [] => "an empty file",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "a WebP image",
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "an AVIF or HEIC image, or a film",

            // The length of its second header follows: "BM" alone begins many a text.
            [(byte)'B', (byte)'M', _, _, _, _, _, _, _, _, _, _, _, _, >= 12 and <= 124, 0, 0, 0, ..] => "a BMP image",
            _ => Text(start),
        };
    }

    private static string? Text(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> text = start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? start[3..] : start;
        foreach (byte b in text)
        {
            // Bytes from 0x80 on are parts of letters; other control characters than white space are in no text.
            if (b is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0C) or 0x7F)
            {
                return null;
            }
        }

        text = text.TrimStart(" \t\r\n"u8);
        return Begins(text, "<!doctype html"u8) || Begins(text, "<html"u8) || Begins(text, "<!"u8) ? "a web page; the download went wrong" : "a text file";
    }

    private static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => text.Length >= word.Length && Ascii.EqualsIgnoreCase(text[..word.Length], word);
}

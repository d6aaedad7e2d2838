using System.Buffers.Binary;
using MLClassify.Imaging.Exif;

namespace MLClassify.Imaging.Png;

/// <summary>Finds the orientation in an eXIf chunk (PNG third edition, section 11.3.3.4), which may stand before or after the image's data.</summary>
internal static class PngOrientation
{
    private const int SignatureLength = 8;

    // A chunk that does not end inside the file ends the search: an image is not refused for its notes.
    public static int Read(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> rest = file[SignatureLength..];
        while (rest.Length >= PngChunk.Overhead)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - PngChunk.Overhead)
            {
                break;
            }

            if (rest.Slice(4, 4).SequenceEqual("eXIf"u8))
            {
                return ExifOrientation.Read(rest.Slice(8, (int)length));
            }

            rest = rest[((int)length + PngChunk.Overhead)..];
        }

        return ExifOrientation.Upright;
    }
}

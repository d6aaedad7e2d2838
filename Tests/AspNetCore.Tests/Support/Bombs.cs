using System.Buffers.Binary;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;

namespace MLClassify.AspNetCore.Tests.Support;

/// <summary>Small files that claim to be huge images.</summary>
internal static class Bombs
{
    /// <summary>65,536 x 65,536 by its header chunk (PNG, third edition, section 11.2.1).</summary>
    public static byte[] Png()
    {
        byte[] bytes = PngEncoder.Encode(new Image(8, 8));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), 65_536);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), 65_536);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), SlowCrc32.Of(bytes.AsSpan(12, 17)));
        return bytes;
    }

    /// <summary>65,535 x 65,535 by its frame header (T.81 section B.2.2).</summary>
    public static byte[] Jpeg()
    {
        byte[] bytes = JpegEncoder.Encode(new Image(8, 8));
        int frame = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        bytes.AsSpan(frame + 5, 4).Fill(0xFF);
        return bytes;
    }
}

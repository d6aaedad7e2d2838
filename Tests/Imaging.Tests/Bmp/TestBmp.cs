using System.Buffers.Binary;

namespace MLClassify.Imaging.Tests.Bmp;

/// <summary>Builds bitmaps, sound or not.</summary>
internal sealed record TestBmp(int Width, int Height, int BitCount, byte[] Data)
{
    public int HeaderLength { get; init; } = 40;

    public uint Compression { get; init; }

    public uint ColorsUsed { get; init; }

    public uint[] Masks { get; init; } = [];

    public byte[] Palette { get; init; } = [];

    public uint? Offset { get; init; }

    public byte[] Encode()
    {
        byte[] info = HeaderLength == 12
            ? [.. Word(12), .. Half(Width), .. Half(Height), .. Half(1), .. Half(BitCount)]
            :
            [
                .. Word((uint)HeaderLength), .. Word((uint)Width), .. Word((uint)Height), .. Half(1), .. Half(BitCount),
                .. Word(Compression), .. new byte[12], .. Word(ColorsUsed), .. Word(0),
            ];
        byte[] masks = Masks.SelectMany(Word).ToArray();
        if (HeaderLength < info.Length)
        {
            info = info[..HeaderLength];
        }

        byte[] head = [.. info, .. masks, .. new byte[Math.Max(0, HeaderLength - info.Length - masks.Length)]];
        uint offset = Offset ?? (uint)(14 + head.Length + Palette.Length);
        return [.. "BM"u8, .. Word(offset + (uint)Data.Length), .. Word(0), .. Word(offset), .. head, .. Palette, .. Data];
    }

    private static byte[] Half(int value) => [(byte)value, (byte)(value >> 8)];

    private static byte[] Word(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}

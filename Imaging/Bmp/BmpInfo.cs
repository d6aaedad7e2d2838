using System.Buffers.Binary;

namespace MLClassify.Imaging.Bmp;

/// <summary>The raw fields of an information header; those that a short header lacks are zero.</summary>
internal readonly ref struct BmpInfo(ReadOnlySpan<byte> header)
{
    private readonly ReadOnlySpan<byte> _header = header;

    public int Length => _header.Length;

    /// <summary>OS/2 1 has 16-bit fields.</summary>
    public bool IsCore => Length == 12;

    public bool IsOs2 => Length is 12 or 16 or 64;

    public long Width => IsCore ? UInt16(4) : (int)UInt32(4);

    /// <summary>Negative when the rows run from top to bottom.</summary>
    public long Height => IsCore ? UInt16(6) : (int)UInt32(8);

    public int BitCount => UInt16(IsCore ? 10 : 14);

    public uint Compression => UInt32(16);

    public uint ColorsUsed => UInt32(32);

    /// <summary>A little-endian field, or 0 past the header's end.</summary>
    public uint UInt32(int offset) => offset + 4 <= Length ? BinaryPrimitives.ReadUInt32LittleEndian(_header[offset..]) : 0;

    private ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_header[offset..]);
}

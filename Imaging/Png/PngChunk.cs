using System.Buffers.Binary;

namespace MLClassify.Imaging.Png;

/// <summary>One chunk in place: length, type, data, CRC (PNG, third edition, section 5.3).</summary>
internal readonly ref struct PngChunk
{
    public const uint IHDR = 0x49484452;
    public const uint PLTE = 0x504C5445;
    public const uint IDAT = 0x49444154;
    public const uint IEND = 0x49454E44;
    public const uint CgBI = 0x43674249;

    /// <summary>Length, type and CRC.</summary>
    public const int Overhead = 12;

    private readonly ReadOnlySpan<byte> _bytes;

    /// <param name="bytes">The whole chunk, from its length to its CRC.</param>
    /// <param name="offset">Where it stands in the file.</param>
    public PngChunk(ReadOnlySpan<byte> bytes, int offset)
    {
        _bytes = bytes;
        Offset = offset;
    }

    public int Offset { get; }

    public int DataOffset => Offset + 8;

    public uint Type => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    public ReadOnlySpan<byte> Data => _bytes[8..^4];

    public string Name => TypeName(Type);

    /// <summary>A decoder may not skip such a chunk (section 5.4): bit 5 of the type's first byte is 0.</summary>
    public bool IsCritical => (Type & 0x20000000) == 0;

    public static string TypeName(uint type) => string.Create(4, type, static (name, value) =>
    {
        for (int i = 0; i < 4; i++)
        {
            name[i] = (char)(byte)(value >> (24 - (8 * i)));
        }
    });

    public static bool IsType(ReadOnlySpan<byte> type)
    {
        foreach (byte b in type)
        {
            if (!char.IsAsciiLetter((char)b))
            {
                return false;
            }
        }

        return true;
    }

    public void CheckCrc()
    {
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(_bytes[^4..]);
        uint computed = PngCrc.Compute(_bytes[4..^4]);
        if (stored != computed)
        {
            throw PngErrors.Invalid($"chunk {Name} is damaged: its checksum is {stored:X8}, its content gives {computed:X8}", Offset);
        }
    }
}

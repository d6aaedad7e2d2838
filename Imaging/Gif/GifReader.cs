using System.Buffers.Binary;

namespace MLClassify.Imaging.Gif;

/// <summary>Reads a GIF's fields in order; the end of the file is an error that names what was expected.</summary>
internal ref struct GifReader(ReadOnlySpan<byte> file)
{
    private readonly ReadOnlySpan<byte> _file = file;

    public int Position { get; private set; }

    public ReadOnlySpan<byte> Bytes(int count, string what)
    {
        int left = _file.Length - Position;
        if (count > left)
        {
            throw GifErrors.Truncated($"the file ends {left} bytes into {what}, expected {count} bytes", Position);
        }

        ReadOnlySpan<byte> bytes = _file.Slice(Position, count);
        Position += count;
        return bytes;
    }

    public byte Byte(string what) => Bytes(1, what)[0];

    public int UInt16(string what) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2, what));

    /// <summary>Steps over data sub-blocks and their terminator (GIF89a section 15).</summary>
    public void SkipSubBlocks(string what)
    {
        while (Byte(what) is > 0 and var length)
        {
            _ = Bytes(length, what);
        }
    }

    /// <summary>Joins data sub-blocks; a file that ends inside them gives what it has, and the pixels that are missing tell.</summary>
    public byte[] JoinSubBlocks()
    {
        using var joined = new MemoryStream();
        while (Position < _file.Length && _file[Position] is > 0 and var length)
        {
            ReadOnlySpan<byte> block = _file[(Position + 1)..];
            if (length < block.Length)
            {
                block = block[..length];
            }

            joined.Write(block);
            Position += 1 + block.Length;
        }

        return joined.ToArray();
    }
}

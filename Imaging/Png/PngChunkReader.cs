using System.Buffers.Binary;

namespace MLClassify.Imaging.Png;

/// <summary>Walks the chunks of a file.</summary>
internal ref struct PngChunkReader
{
    private readonly ReadOnlySpan<byte> _file;
    private int _position;

    /// <param name="file">The whole file, signature included.</param>
    public PngChunkReader(ReadOnlySpan<byte> file)
    {
        _file = file;
        _position = 8;
    }

    public readonly int Position => _position;

    /// <summary>Reads a chunk that must be there, whole.</summary>
    public PngChunk Read()
    {
        ReadOnlySpan<byte> rest = _file[_position..];
        if (rest.Length < 8)
        {
            throw PngErrors.Truncated($"the file ends where a chunk was expected; no IDAT chunk came before", _file.Length);
        }

        if (!PngChunk.IsType(rest.Slice(4, 4)))
        {
            throw PngErrors.Invalid(
                $"found {rest[4]:X2} {rest[5]:X2} {rest[6]:X2} {rest[7]:X2}, expected a chunk type of four letters", _position + 4);
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - PngChunk.Overhead)
        {
            string name = PngChunk.TypeName(BinaryPrimitives.ReadUInt32BigEndian(rest[4..]));
            throw PngErrors.Truncated($"chunk {name} claims {length} bytes, but the file ends {rest.Length - 8} bytes into it", _position);
        }

        var chunk = new PngChunk(rest[..((int)length + PngChunk.Overhead)], _position);
        _position += (int)length + PngChunk.Overhead;
        return chunk;
    }

    /// <summary>Tells whether the next chunk claims to be IDAT.</summary>
    public readonly bool IsAtIdat() =>
        _file.Length - _position >= 8 && BinaryPrimitives.ReadUInt32BigEndian(_file[(_position + 4)..]) == PngChunk.IDAT;

    /// <summary>
    /// Reads the data of an IDAT chunk, or as much of it as the file has: if an image's last bytes are missing, the rows tell.
    /// The CRC is not looked at, as in Pillow: the zlib stream across all IDAT chunks carries its own checksum.
    /// </summary>
    public ReadOnlySpan<byte> ReadIdat()
    {
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_file[_position..]);
        ReadOnlySpan<byte> data = _file[(_position + 8)..];
        if (length < data.Length)
        {
            data = data[..(int)length];
        }

        _position = (int)Math.Min((long)_position + length + PngChunk.Overhead, _file.Length);
        return data;
    }
}

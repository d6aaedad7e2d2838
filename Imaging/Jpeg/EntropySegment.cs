namespace MLClassify.Imaging.Jpeg;

/// <summary>
/// Copies entropy-coded data from one marker to the next into a buffer, without the stuffed zero bytes (T.81 section F.1.2.3).
/// What follows the data is zero for <see cref="Padding"/> bytes, so that a reader may run past the end within one block
/// and find out afterwards.
/// </summary>
internal ref struct EntropySegment : IDisposable
{
    /// <summary>
    /// A block takes at most 64 codes of 16 bits with 15 further bits each, 248 bytes; the reader loads 8 bytes at a time
    /// and is asked about overrun after every block.
    /// </summary>
    public const int Padding = 512;

    private readonly ReadOnlySpan<byte> _file;
    private readonly PooledBuffer<byte> _buffer;

    /// <param name="file">The whole file.</param>
    /// <param name="position">Where the scan's data begin.</param>
    public EntropySegment(ReadOnlySpan<byte> file, int position)
    {
        _file = file;
        Position = position;
        _buffer = new PooledBuffer<byte>(file.Length - position + Padding);
    }

    /// <summary>The place in the file after the segment: its marker's second byte plus one, or the marker's first byte while it is not taken.</summary>
    public int Position { get; private set; }

    /// <summary>The marker that ended the segment; 0 at the file's end.</summary>
    public byte Marker { get; private set; }

    /// <summary>Bytes in the segment after the stuffing is gone.</summary>
    public int Length { get; private set; }

    /// <summary>The segment's bytes, followed by the padding.</summary>
    public readonly unsafe byte* Data => _buffer.Pointer;

    /// <summary>Reads up to the next marker; <see cref="Position"/> is left at that marker's first byte.</summary>
    public void Load()
    {
        Span<byte> buffer = _buffer.Span;
        int position = Position;
        int length = 0;
        Marker = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = _file[position..];
            int run = rest.IndexOf((byte)0xFF);
            int plain = run < 0 ? rest.Length : run;
            rest[..plain].CopyTo(buffer[length..]);
            length += plain;
            position += plain;
            int next = position;
            while (next < _file.Length && _file[next] == 0xFF)
            {
                next++;
            }

            if (next >= _file.Length)
            {
                position = _file.Length;
                break;
            }

            if (_file[next] != 0)
            {
                Marker = _file[next];
                position = next - 1;
                break;
            }

            buffer[length++] = 0xFF;
            position = next + 1;
        }

        Position = position;
        Length = length;
        buffer.Slice(length, Padding).Clear();
    }

    /// <summary>Steps over the marker that ended the segment.</summary>
    public void TakeMarker() => Position = Math.Min(Position + 2, _file.Length);

    public readonly void Dispose() => _buffer.Dispose();
}

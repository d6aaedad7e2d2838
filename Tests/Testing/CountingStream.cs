namespace MLClassify.Testing;

/// <summary>A file in memory that counts how much of it is read: the measure of a reader's work, where a clock would depend on the machine.</summary>
/// <param name="content">The file.</param>
public sealed class CountingStream(byte[] content) : MemoryStream(content, writable: false)
{
    /// <summary>The bytes that were read so far; those that were read twice count twice.</summary>
    public long BytesRead { get; private set; }

    // MemoryStream's other overloads come here when it is derived from.

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = base.Read(buffer, offset, count);
        BytesRead += read;
        return read;
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        int value = base.ReadByte();
        BytesRead += value < 0 ? 0 : 1;
        return value;
    }
}

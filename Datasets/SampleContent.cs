using System.Runtime.InteropServices;

namespace MLClassify.Datasets;

/// <summary>An encoded image that is not a file of its own. Read any number of times, on any thread.</summary>
internal abstract record SampleContent
{
    /// <summary>Opens it at its beginning; the stream is disposed by the caller and need not be able to seek.</summary>
    public abstract Stream Open();

    /// <summary>All of its bytes.</summary>
    public abstract ReadOnlyMemory<byte> ReadAll();
}

/// <summary>An encoded image in memory.</summary>
internal sealed record MemoryContent(ReadOnlyMemory<byte> Bytes) : SampleContent
{
    public override Stream Open() => MemoryMarshal.TryGetArray(Bytes, out ArraySegment<byte> array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(Bytes.ToArray(), writable: false);

    public override ReadOnlyMemory<byte> ReadAll() => Bytes;
}

/// <summary>An encoded image that a function opens.</summary>
internal sealed record StreamSampleContent(Func<Stream> OpenStream) : SampleContent
{
    public override Stream Open() => OpenStream();

    public override ReadOnlyMemory<byte> ReadAll()
    {
        using Stream stream = Open();
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}

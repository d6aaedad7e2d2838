using System.Runtime.InteropServices;

namespace MLClassify.Datasets;

/// <summary>An encoded image in memory. Read any number of times, on any thread.</summary>
/// <param name="Bytes">All of its bytes.</param>
internal sealed record SampleContent(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Opens it at its beginning; the stream is disposed by the caller.</summary>
    public Stream Open() => MemoryMarshal.TryGetArray(Bytes, out ArraySegment<byte> array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(Bytes.ToArray(), writable: false);
}

namespace MLClassify.Common.Zip;

/// <summary>A file inside a zip.</summary>
/// <param name="Name">Its name, with its folders.</param>
/// <param name="HeaderOffset">Where its local header begins.</param>
/// <param name="DataOffset">Where its bytes begin.</param>
/// <param name="IsDeflated">Whether the bytes are deflated, otherwise they are stored.</param>
/// <param name="CompressedLength">Bytes in the zip.</param>
/// <param name="Length">Bytes of the file itself, as the zip claims.</param>
internal sealed record ZipItem(string Name, long HeaderOffset, long DataOffset, bool IsDeflated, long CompressedLength, long Length)
{
    /// <summary>The byte after the last.</summary>
    public long End => DataOffset + CompressedLength;
}

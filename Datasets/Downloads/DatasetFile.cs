using MLClassify.Common;

namespace MLClassify.Datasets;

/// <summary>A file that a dataset's authors publish.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, 64 hex digits; null where none is known.</param>
internal sealed record DatasetFile(string Name, Uri Address, long Bytes, string? Sha256)
{
    /// <summary>The MD5 that the authors or a library publish, for whoever compares by hand; not checked, as the SHA-256 is. Null where none is.</summary>
    public string? Md5 { get; init; }
}

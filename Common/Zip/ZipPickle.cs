namespace MLClassify.Common.Zip;

/// <summary>Reads a pickle out of a zip into memory.</summary>
internal static class ZipPickle
{
    // Deflated names shrink to a tenth at most; a few kilobytes that claim to be many megabytes of opcodes are an attack.
    private const long HighestRatio = 16;
    private const long AlwaysAllowed = 1 << 20;

    /// <summary>The pickle's bytes.</summary>
    /// <param name="bytes">The zip.</param>
    /// <param name="item">The entry.</param>
    /// <param name="fileLength">The zip's length.</param>
    /// <param name="problem">Makes the exception for an entry that claims a length that no honest file has, or is damaged.</param>
    public static byte[] Read(ZipBytes bytes, ZipItem item, long fileLength, ContentProblem problem) =>
        item.Length <= Array.MaxLength && (item.Length <= AlwaysAllowed || item.Length / HighestRatio <= fileLength)
            ? bytes.Read(item)
            : throw problem(
                $"the zip entry '{InvalidWeightsException.Shorten(item.Name)}' claims an impossible length",
                found: FormattableString.Invariant($"{item.Length} bytes"));
}

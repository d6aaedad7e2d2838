using MLClassify.Common;

namespace MLClassify.Reports;

/// <summary><c>skipped.csv</c>: the files that could not be used, and why.</summary>
internal static class SkippedFileList
{
    /// <summary>Writes <c>path,reason</c>; a header alone says that nothing was skipped. See <see cref="Csv"/> for the quoting.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="skipped">The files in the order that the rows are to have.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, IEnumerable<(string Path, string Reason)> skipped)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        var csv = new Csv();
        csv.Row("path", "reason");
        foreach ((string file, string reason) in skipped)
        {
            csv.Row(file, reason);
        }

        AtomicFile.WriteAllText(path, csv.ToString());
    }
}

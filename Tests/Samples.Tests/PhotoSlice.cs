using System.Formats.Tar;
using System.IO.Compression;

namespace MLClassify.Samples.Tests;

/// <summary>The first images of each class of an archive of the measuring data, in a folder of their own. Deleted at the end.</summary>
internal sealed class PhotoSlice : TemporaryFolder
{
    /// <summary>Unpacks.</summary>
    /// <param name="archive">The archive's name.</param>
    /// <param name="perFolder">Files of each folder.</param>
    public PhotoSlice(string archive, int perFolder)
    {
        using FileStream file = File.OpenRead(SharedData.Path(archive));
        using Stream stream = archive.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new TarReader(stream);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.GetNextEntry() is { } entry)
        {
            string folder = Path.GetDirectoryName(entry.Name) ?? "";
            int count = counts.GetValueOrDefault(folder);
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && entry.Name.EndsWith(".jpg", StringComparison.Ordinal) && count < perFolder)
            {
                counts[folder] = count + 1;
                Directory.CreateDirectory(this[folder]);
                entry.ExtractToFile(this[entry.Name], overwrite: false);
            }
        }
    }
}

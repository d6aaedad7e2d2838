using System.Formats.Tar;
using MLClassify.Datasets.Tests.Raw;

namespace MLClassify.Datasets.Tests.Downloads;

/// <summary>Makes archives.</summary>
internal static class Archives
{
    /// <summary>A tar archive in gzip.</summary>
    public static byte[] Tgz(params (string Name, byte[] Content)[] files) => Tgz(
        [.. files.Select(file => (TarEntry)new UstarTarEntry(TarEntryType.RegularFile, file.Name) { DataStream = new MemoryStream(file.Content) })]);

    public static byte[] Tgz(params TarEntry[] entries)
    {
        using var memory = new MemoryStream();
        using (var writer = new TarWriter(memory, leaveOpen: true))
        {
            foreach (TarEntry entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        return RawSamples.Gzip(memory.ToArray());
    }
}

using System.Formats.Tar;
using System.Text;
using MLClassify.Datasets.Tests.Raw;

namespace MLClassify.Datasets.Tests.Downloads;

public sealed class TarFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Archive_GivesFilesAndTheirParts()
    {
        byte[] archive = Archives.Tgz(
            new UstarTarEntry(TarEntryType.Directory, "photos/"),
            new PaxTarEntry(TarEntryType.RegularFile, "./photos/" + new string('n', 120) + ".jpg") { DataStream = new MemoryStream([1, 2]) },
            new GnuTarEntry(TarEntryType.RegularFile, "photos/empty.jpg"));

        Assert.Equal([$"photos|{new string('n', 120)}.jpg:0102", "photos|empty.jpg:"], Read(archive));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/../../evil")]
    [InlineData("/evil")]
    [InlineData("a\\..\\evil")]
    [InlineData("C:evil")]
    [InlineData("a/\u0001evil")]
    public void Read_NameLeadsOut_IsRefused(string name)
    {
        string path = Write(Archives.Tgz((name, [1])));

        Assert.StartsWith($"{path}: the name '", Refused(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.CharacterDevice)]
    public void Read_LinkOrDevice_IsRefused(TarEntryType type)
    {
        var entry = new UstarTarEntry(type, "photos/link");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
        {
            entry.LinkName = "elsewhere";
        }

        Assert.Contains($"is no file but a {type}", Refused(Write(Archives.Tgz(entry))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreThanTheLimits_IsRefused()
    {
        string path = Write(Archives.Tgz(("a/1", new byte[3000]), ("a/2", new byte[3000])));

        Assert.Contains("more than 1 entries", Refused(path, new ArchiveLimits { Entries = 1 }), StringComparison.Ordinal);
        Assert.Contains("has 3000 bytes, expected at most 2999", Refused(path, new ArchiveLimits { EntryBytes = 2999 }), StringComparison.Ordinal);
        Assert.Contains("more than 4096 bytes when decompressed", Refused(path, new ArchiveLimits { TotalBytes = 4096 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HeaderPromisesExabytes_IsRefused()
    {
        byte[] tar = new byte[1024];
        "a/b"u8.CopyTo(tar);
        "0000644\0"u8.CopyTo(tar.AsSpan(100));
        "77777777777\0"u8.CopyTo(tar.AsSpan(124));
        "00000000000\0"u8.CopyTo(tar.AsSpan(136));
        tar[156] = (byte)'0';
        "ustar\000"u8.CopyTo(tar.AsSpan(257));
        tar.AsSpan(148, 8).Fill((byte)' ');
        int sum = tar.AsSpan(0, 512).ToArray().Sum(b => b);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(tar, 148);

        Assert.Contains("has 8589934591 bytes, expected at most", Refused(Write(RawSamples.Gzip(tar))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SmallFileThatGrowsForEver_EndsAtTheLimit()
    {
        byte[] bomb = RawSamples.Gzip(new byte[32 << 20]);

        // Zero blocks end an archive: nothing of it needs to be read.
        Assert.Empty(Read(bomb));
        Assert.Contains(
            "more than 65536 bytes",
            Refused(Write(Archives.Tgz(("a/b", new byte[1 << 20]))), new ArchiveLimits { TotalBytes = 1 << 16 }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_TruncatedOrMutated_IsReadOrRefused(bool isCompressed)
    {
        byte[] tar = Archives.Tgz(
            new PaxTarEntry(TarEntryType.RegularFile, "photos/" + new string('n', 120) + ".jpg") { DataStream = new MemoryStream(new byte[700]) },
            new GnuTarEntry(TarEntryType.RegularFile, "photos/" + new string('g', 120) + ".jpg") { DataStream = new MemoryStream(new byte[100]) },
            new UstarTarEntry(TarEntryType.RegularFile, "photos/x.jpg") { DataStream = new MemoryStream(new byte[10]) });
        if (!isCompressed)
        {
            using var memory = new MemoryStream();
            using var gzip = new System.IO.Compression.GZipStream(new MemoryStream(tar), System.IO.Compression.CompressionMode.Decompress);
            gzip.CopyTo(memory);
            tar = memory.ToArray();
        }

        var random = new Random(5);
        for (int round = 0; round < 1500; round++)
        {
            byte[] mutant = round % 3 == 0 ? tar[..random.Next(tar.Length)] : [.. tar];
            for (int i = random.Next(1, 4); i > 0 && mutant.Length > 0; i--)
            {
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            }

            string path = Write(mutant);
            try
            {
                TarFiles.Read(path, (_, content) => content.CopyTo(Stream.Null));
            }
            catch (InvalidDatasetException)
            {
                // Refused, as it may be.
            }
        }
    }

    private List<string> Read(byte[] archive)
    {
        var found = new List<string>();
        TarFiles.Read(Write(archive), (parts, content) =>
        {
            using var memory = new MemoryStream();
            content.CopyTo(memory);
            found.Add($"{string.Join('|', parts)}:{Convert.ToHexStringLower(memory.ToArray())}");
        });
        return found;
    }

    private static string Refused(string path, ArchiveLimits? limits = null) =>
        Assert.Throws<InvalidDatasetException>(() => TarFiles.Read(path, (_, content) => content.CopyTo(Stream.Null), limits)).Message;

    private string Write(byte[] content)
    {
        string path = _folder["archive.tgz"];
        File.WriteAllBytes(path, content);
        return path;
    }
}

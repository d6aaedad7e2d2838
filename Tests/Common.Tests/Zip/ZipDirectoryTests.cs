using System.IO.Compression;
using MLClassify.Common.Zip;

namespace MLClassify.Common.Tests.Zip;

/// <summary>What the reader leaves to who uses it; WeightFiles' tests have the hostile zips.</summary>
public class ZipDirectoryTests
{
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Read_Zip_GivesItsFiles(CompressionLevel level)
    {
        byte[] content = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        var stream = new MemoryStream(Make(level, content));

        ZipItem item = Assert.Single(ZipDirectory.Read(stream, Problem).Items.Values);

        var bytes = new ZipBytes(stream, Problem);
        Assert.Equal(("x", 1000L), (item.Name, item.Length));
        Assert.Equal(content, bytes.Read(item));
        Assert.Equal(content, ZipPickle.Read(bytes, item, stream.Length, Problem));
    }

    [Fact]
    public void Read_Damage_IsTheCallersException()
    {
        byte[] zip = Make(CompressionLevel.Optimal, new byte[1000]);
        Assert.Contains("no end record", Assert.Throws<FormatException>(() => ZipDirectory.Read(new MemoryStream(zip[..^1]), Problem)).Message, StringComparison.Ordinal);

        ZipItem item = Assert.Single(ZipDirectory.Read(new MemoryStream(zip), Problem).Items.Values);
        zip.AsSpan((int)item.DataOffset, (int)item.CompressedLength).Fill(0xFF);
        var thrown = Assert.Throws<FormatException>(() => new ZipBytes(new MemoryStream(zip), Problem).Read(item));
        Assert.Contains("the zip entry 'x' is damaged", thrown.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(thrown.InnerException);
    }

    private static byte[] Make(CompressionLevel level, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("x", level).Open();
            entry.Write(content);
        }

        return stream.ToArray();
    }

    private static FormatException Problem(string problem, long? offset, string? expected, string? found, Exception? cause) =>
        new($"{problem} at {offset}: expected {expected}, found {found}", cause);
}

using System.Text;

namespace MLClassify.Common.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WriteAllText_NewFileInNewFolder_WritesUtf8WithoutMark()
    {
        string path = _folder["a/b/new.txt"];

        AtomicFile.WriteAllText(path, "größe\n");

        Assert.Equal(Encoding.UTF8.GetBytes("größe\n"), File.ReadAllBytes(path));
    }

    [Fact]
    public void WriteAllText_ShorterThanOldContent_LeavesNothingOfTheOld()
    {
        string path = _folder["file.txt"];
        File.WriteAllText(path, new string('x', 100_000));

        AtomicFile.WriteAllText(path, "short");

        Assert.Equal("short", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_ContentThrowsHalfWay_KeepsOldContentAndNoTemporaryFile()
    {
        string path = _folder["file.txt"];
        File.WriteAllText(path, "old");

        var thrown = Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[200_000]);
            throw new InvalidOperationException("half way");
        }));

        Assert.Equal("half way", thrown.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_WhileContentIsWritten_ReadersSeeTheOldFile()
    {
        string path = _folder["file.txt"];
        File.WriteAllText(path, "old");
        string? seen = null;

        AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            seen = File.ReadAllText(path);
        });

        Assert.Equal("old", seen);
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void Write_TargetIsAFolder_ThrowsAndLeavesNoTemporaryFile()
    {
        string path = _folder["taken"];
        Directory.CreateDirectory(path);

        Exception? thrown = Record.Exception(() => AtomicFile.WriteAllText(path, "text"));

        Assert.True(thrown is IOException or UnauthorizedAccessException, thrown?.GetType().Name ?? "nothing was thrown");
        Assert.Empty(Directory.GetFiles(_folder.Root));
        Assert.True(Directory.Exists(path));
    }

    [Fact]
    public void Write_NameAtTheFileSystemsLimit_Works()
    {
        string path = Path.Combine(_folder.Root, new string('n', 251) + ".txt");

        AtomicFile.WriteAllText(path, "text");

        Assert.Equal("text", File.ReadAllText(path));
    }

    [Fact]
    public void Write_StreamSeeks_HeaderCanBeFilledInLater()
    {
        string path = _folder["file.bin"];

        AtomicFile.Write(path, stream =>
        {
            stream.Write([0, 2, 3]);
            stream.Position = 0;
            stream.WriteByte(1);
        });

        Assert.Equal(new byte[] { 1, 2, 3 }, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public void WriteAllText_NoFileName_IsTheCallersError(string path) =>
        Assert.Throws<ArgumentException>(() => AtomicFile.WriteAllText(path, "text"));
}

using MLClassify.Imaging.Encoding;

namespace MLClassify.Imaging.Tests.Encoding;

public sealed class ImageEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Save_KnownExtensions_WriteThatFormatAndNothingElse()
    {
        Image scene = TestImages.Scene(12, 9);

        ImageEncoder.Save(_folder["a.png"], scene);
        ImageEncoder.Save(_folder["b.JPG"], scene);
        ImageEncoder.Save(_folder["c.jpeg"], scene, new JpegEncoderOptions { Quality = 30 });

        Assert.Equal(PngEncoder.Encode(scene), File.ReadAllBytes(_folder["a.png"]));
        Assert.Equal(JpegEncoder.Encode(scene), File.ReadAllBytes(_folder["b.JPG"]));
        Assert.Equal(JpegEncoder.Encode(scene, new JpegEncoderOptions { Quality = 30 }), File.ReadAllBytes(_folder["c.jpeg"]));
        Assert.Equal(3, Directory.GetFiles(_folder.Root).Length);
    }

    [Fact]
    public void Save_ExistingFile_IsReplaced()
    {
        string path = _folder["a.png"];
        File.WriteAllText(path, new string('x', 100_000));

        ImageEncoder.Save(path, TestImages.Scene(3, 3));

        Assert.Equal(PngEncoder.Encode(TestImages.Scene(3, 3)), File.ReadAllBytes(path));
    }

    [Fact]
    public void Save_UnknownExtension_NamesIt()
    {
        var error = Assert.Throws<ArgumentException>(() => ImageEncoder.Save(_folder["a.webp"], new Image(1, 1)));

        Assert.Contains(".WEBP", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_TargetIsAFolder_LeavesNoTemporaryFile()
    {
        string path = _folder["taken.png"];
        Directory.CreateDirectory(path);

        Assert.ThrowsAny<Exception>(() => ImageEncoder.Save(path, new Image(1, 1)));

        Assert.Empty(Directory.GetFiles(_folder.Root));
    }
}

using MLClassify.Imaging.Encoding;

namespace MLClassify.Imaging.Tests.Encoding;

public sealed class ImageEncoderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlclassify-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Save_KnownExtensions_WriteThatFormatAndNothingElse()
    {
        Image scene = TestPictures.Scene(12, 9);

        ImageEncoder.Save(Path.Combine(_folder, "a.png"), scene);
        ImageEncoder.Save(Path.Combine(_folder, "b.JPG"), scene);
        ImageEncoder.Save(Path.Combine(_folder, "c.jpeg"), scene, new JpegEncoderOptions { Quality = 30 });

        Assert.Equal(PngEncoder.Encode(scene), File.ReadAllBytes(Path.Combine(_folder, "a.png")));
        Assert.Equal(JpegEncoder.Encode(scene), File.ReadAllBytes(Path.Combine(_folder, "b.JPG")));
        Assert.Equal(JpegEncoder.Encode(scene, new JpegEncoderOptions { Quality = 30 }), File.ReadAllBytes(Path.Combine(_folder, "c.jpeg")));
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void Save_ExistingFile_IsReplaced()
    {
        string path = Path.Combine(_folder, "a.png");
        File.WriteAllText(path, new string('x', 100_000));

        ImageEncoder.Save(path, TestPictures.Scene(3, 3));

        Assert.Equal(PngEncoder.Encode(TestPictures.Scene(3, 3)), File.ReadAllBytes(path));
    }

    [Fact]
    public void Save_UnknownExtension_NamesIt()
    {
        var error = Assert.Throws<ArgumentException>(() => ImageEncoder.Save(Path.Combine(_folder, "a.webp"), new Image(1, 1)));

        Assert.Contains(".WEBP", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_TargetIsAFolder_LeavesNoTemporaryFile()
    {
        string path = Path.Combine(_folder, "taken.png");
        Directory.CreateDirectory(path);

        Assert.ThrowsAny<Exception>(() => ImageEncoder.Save(path, new Image(1, 1)));

        Assert.Empty(Directory.GetFiles(_folder));
    }
}

using MLClassify.Imaging.Encoding;

namespace MLClassify.Imaging.Tests;

public sealed class ImageLoadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_FileThatIsDamaged_NamesIt()
    {
        string path = _folder["photo.jpg"];
        File.WriteAllText(path, "no image");

        var error = Assert.Throws<InvalidImageException>(() => Image.Load(path));

        Assert.Equal(path, error.File);
        Assert.Equal($"{path}: {error.Problem}", error.Message);
        Assert.False(error.IsTruncated);
        Assert.Null(Assert.Throws<InvalidImageException>(() => Image.Decode("no image"u8)).File);
    }

    [Fact]
    public async Task Load_FormatThatIsNotDecoded_NamesTheFile()
    {
        string path = _folder["photo.webp"];
        byte[] content = [.. "RIFF"u8, 20, 0, 0, 0, .. "WEBPVP8 "u8, .. new byte[12]];
        File.WriteAllBytes(path, content);

        Assert.StartsWith($"{path}: WebP", Assert.Throws<UnsupportedImageException>(() => Image.Load(path)).Message, StringComparison.Ordinal);
        Assert.Equal(path, (await Assert.ThrowsAsync<UnsupportedImageException>(() => Image.LoadAsync(path))).File);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    public void Decode_FileThatIsCutOff_IsTruncatedWhereverItEnds(string extension)
    {
        byte[] whole = Encode(extension);
        for (int length = 12; length < whole.Length - 40; length += Math.Max(1, whole.Length / 60))
        {
            var error = Assert.Throws<InvalidImageException>(() => Image.Decode(whole.AsSpan(0, length)));
            Assert.True(error.IsTruncated, $"{length} of {whole.Length} bytes: {error.Message}");
        }
    }

    [Fact]
    public void Decode_DamageInTheMiddle_IsNotTruncated()
    {
        byte[] png = Encode("png");
        png[png.Length / 2] ^= 0xFF;

        Assert.False(Assert.Throws<InvalidImageException>(() => Image.Decode(png)).IsTruncated);
        Assert.True(Assert.Throws<InvalidImageException>(() => Image.Decode([])).IsTruncated);
    }

    [Fact]
    public async Task Load_PathStreamAndAsync_GiveTheSamePixels()
    {
        string path = _folder["a.png"];
        byte[] encoded = Encode("png");
        File.WriteAllBytes(path, encoded);
        byte[] expected = Image.Load(path).Pixels.ToArray();

        Assert.Equal(expected, Image.Load(new MemoryStream(encoded)).Pixels.ToArray());
        Assert.Equal(expected, (await Image.LoadAsync(path)).Pixels.ToArray());
        Assert.Equal(expected, (await Image.LoadAsync(new MemoryStream(encoded))).Pixels.ToArray());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Image.LoadAsync(path, cancellationToken: new CancellationToken(canceled: true)));
    }

    private byte[] Encode(string extension)
    {
        var random = new Random(1);
        var image = new Image(90, 60);
        random.NextBytes(image.Pixels);
        string path = _folder[$"encoded.{extension}"];
        ImageEncoder.Save(path, image);
        return File.ReadAllBytes(path);
    }
}

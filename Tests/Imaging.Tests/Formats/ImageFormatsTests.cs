using System.Text;

namespace MLClassify.Imaging.Tests;

public class ImageFormatsTests
{
    public static TheoryData<string, string> Beginnings => new()
    {
        { "FF D8 FF E0 00 10", nameof(ImageFormat.Jpeg) },
        { "FF D8 FF", nameof(ImageFormat.Jpeg) },
        { "89 50 4E 47 0D 0A 1A 0A", nameof(ImageFormat.Png) },
        { "42 4D 46 00 00 00 00 00 00 00 36 00 00 00 28 00 00 00", nameof(ImageFormat.Bmp) },
        { "42 4D 46 00 00 00 00 00 00 00 1A 00 00 00 0C 00 00 00", nameof(ImageFormat.Bmp) },
        { "47 49 46 38 37 61", nameof(ImageFormat.Gif) },
        { "47 49 46 38 39 61", nameof(ImageFormat.Gif) },
        { "52 49 46 46 00 01 00 00 57 45 42 50", nameof(ImageFormat.WebP) },
        { "00 00 00 1C 66 74 79 70 61 76 69 66 00 00 00 00", nameof(ImageFormat.Avif) },
        { "00 00 00 1C 66 74 79 70 6D 69 66 31 00 00 00 00 6D 69 61 66 61 76 69 66", nameof(ImageFormat.Avif) },
        { "00 00 00 1C 66 74 79 70 6D 69 66 31 00 00 00 00 6D 69 61 66 68 65 69 63", nameof(ImageFormat.Heic) },
        { "00 00 00 18 66 74 79 70 68 65 69 63 00 00 00 00", nameof(ImageFormat.Heic) },
        { "49 49 2A 00 08 00", nameof(ImageFormat.Tiff) },
        { "4D 4D 00 2A 00 00", nameof(ImageFormat.Tiff) },
        { "49 49 2B 00 08 00", nameof(ImageFormat.Tiff) },
        { "00 00 00 0C 6A 50 20 20 0D 0A 87 0A", nameof(ImageFormat.Jpeg2000) },
        { "FF 4F FF 51 00", nameof(ImageFormat.Jpeg2000) },
        { "00 00 00 0C 4A 58 4C 20 0D 0A 87 0A", nameof(ImageFormat.JpegXl) },
        { "FF 0A FF", nameof(ImageFormat.JpegXl) },
    };

    [Theory]
    [MemberData(nameof(Beginnings))]
    public void Detect_KnownBeginning_NamesTheFormat(string hex, string expected) =>
        Assert.Equal(expected, ImageFormats.Detect(Convert.FromHexString(hex.Replace(" ", ""))).ToString());

    [Theory]
    [InlineData("Hello world", "48 65 6C 6C (text)")]
    [InlineData("\uFEFFh\u00E9", "EF BB BF 68 (text)")]
    [InlineData("BMW is a car maker, not a bitmap", "42 4D 57 20 (text)")]
    [InlineData(" \r\n<!DOCTYPE HTML>", "20 0D 0A 3C (an HTML page: the download probably failed)")]
    public void Detect_Text_SaysSo(string content, string found)
    {
        var error = Assert.Throws<InvalidImageException>(() => ImageFormats.Detect(System.Text.Encoding.UTF8.GetBytes(content)));

        Assert.Equal($"image at byte 0: no known image format begins with the bytes {found}; expected JPEG, PNG, BMP or GIF", error.Message);
        Assert.Null(error.Format);
        Assert.Equal(0, error.Offset);
    }

    [Fact]
    public void Detect_EmptyFile_SaysSo() => Assert.Equal(
        "image at byte 0: the file is empty; expected JPEG, PNG, BMP or GIF",
        Assert.Throws<InvalidImageException>(() => ImageFormats.Detect([])).Message);

    [Theory]
    [InlineData("<html>", "(an HTML page")]
    [InlineData("<svg xmlns=''/>", "(an SVG drawing)")]
    [InlineData("<?xml version='1.0'?>", "(XML)")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "(a Git LFS pointer")]
    [InlineData("%PDF-1.7", "(a PDF document)")]
    [InlineData("PK\u0003\u0004\u0014", "(a ZIP archive)")]
    [InlineData("\0\0\0\0\0\0\0\0", "(zero bytes only)")]
    [InlineData("\u0001\u0002", "begins with the bytes 01 02; expected")]
    [InlineData("ftyp", "(text)")]
    [InlineData("\0\0\0\u0014ftypisom\0\0\0\0mp42", "begins with the bytes 00 00 00 14; expected")]
    [InlineData("RIFF\u0001\0\0\0WAVE", "begins with the bytes 52 49 46 46; expected")]
    public void Detect_OtherContent_NamesItWhereItCan(string content, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<InvalidImageException>(() => ImageFormats.Detect(System.Text.Encoding.Latin1.GetBytes(content))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("89 50 4E 47 0A 1A 0A 00")]
    [InlineData("09 50 4E 47 0D 0A 1A 0A")]
    [InlineData("89 50 4E 67 0D 0A 1A 0A")]
    public void Detect_DamagedPngSignature_SaysSo(string hex)
    {
        var error = Assert.Throws<InvalidImageException>(() => ImageFormats.Detect(Convert.FromHexString(hex.Replace(" ", ""))));

        Assert.Equal("PNG", error.Format);
        Assert.Contains($"found the signature {hex}, expected 89 50 4E 47 0D 0A 1A 0A", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_FormatThatIsNotDecoded_IsRefusedByName()
    {
        var error = Assert.Throws<UnsupportedImageException>(() => Image.Decode("RIFF\0\0\0\0WEBPVP8 "u8));

        Assert.Equal("WebP", error.Format);
        Assert.StartsWith("WebP: this format is not supported", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_EveryFormat_IsItsUsualName()
    {
        string[] names = Enum.GetValues<ImageFormat>().Select(ImageFormats.Name).ToArray();

        Assert.Equal(["JPEG", "PNG", "BMP", "GIF", "WebP", "AVIF", "HEIC", "TIFF", "JPEG 2000", "JPEG XL"], names);
    }

    [Fact]
    public void Detect_AnyShortContent_NamesAFormatOrRefuses()
    {
        // Every prefix of every beginning, so that no check reads past the end.
        foreach (byte[] bytes in Beginnings.Select(row => Convert.FromHexString(((string)((object[])row)[0]).Replace(" ", ""))))
        {
            for (int length = 0; length < bytes.Length; length++)
            {
                Exception? error = Record.Exception(() => ImageFormats.Detect(bytes.AsSpan(0, length)));
                Assert.True(error is null or InvalidImageException, error?.ToString());
            }
        }
    }
}

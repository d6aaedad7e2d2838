using System.Text;

namespace MLClassify.Common.Tests;

public class FileKindTests
{
    [Theory]
    [InlineData("\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF", "a JPEG image")]
    [InlineData("\u0089PNG\r\n\u001a\n", "a PNG image")]
    [InlineData("GIF89a", "a GIF image")]
    [InlineData("RIFF\u0001\u0002\u0003\u0004WEBPVP8 ", "a WebP image")]
    [InlineData("BM\u0001\u0002\0\0\0\0\0\0\u0036\0\0\0\u0028\0\0\0", "a BMP image")]
    [InlineData("II*\0\u0008\0\0\0", "a TIFF image")]
    [InlineData("\0\0\0\u0020ftypheic", "an AVIF or HEIC image, or a film")]
    [InlineData("%PDF-1.7", "a PDF document")]
    [InlineData("PK\u0003\u0004", "a zip archive")]
    [InlineData("\u001f\u008b\u0008", "a file that is compressed with gzip; unpack it first")]
    [InlineData("BMW and other cars\n", "a text file")]
    [InlineData("daisy,rose\n1,2\n", "a text file")]
    [InlineData("\u00ef\u00bb\u00bf<!DOCTYPE html>", "a web page; the download went wrong")]
    [InlineData("", "an empty file")]
    [InlineData("\u0008\u0008\u0012\u0001x", null)]
    public void Describe_Starts_AreNamed(string start, string? expected) => Assert.Equal(expected, FileKind.Describe(Encoding.Latin1.GetBytes(start)));
}

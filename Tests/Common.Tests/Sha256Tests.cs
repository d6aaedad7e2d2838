using System.Security.Cryptography;

namespace MLClassify.Common.Tests;

public class Sha256Tests
{
    [Fact]
    public async Task OfFileAsync_File_IsItsHash()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "abc");

            // FIPS 180-2, appendix B.1.
            Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", await Sha256.OfFileAsync(path));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("abc"u8)), await Sha256.OfFileAsync(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("0676ba61", true)]
    [InlineData("0676BA61", true)]
    [InlineData("0676ba6", false)]
    [InlineData("0676ba6g", false)]
    [InlineData("", false)]
    public void IsPrefix_Text_IsJudged(string text, bool expected) => Assert.Equal(expected, Sha256.IsPrefix(text));

    [Fact]
    public void Matches_LetterCase_DoesNotMatter() => Assert.True(Sha256.Matches(new string('a', 64), "AAAAAAAA"));
}

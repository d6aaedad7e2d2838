namespace MLClassify.Cli.Tests;

public sealed class DisplayLineTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two\nlines\r\nhere", "two lines here")]
    [InlineData("\u001b[31mred", "[31mred")]
    [InlineData("end\n", "end")]
    [InlineData("日本 [markup]", "日本 [markup]")]
    public void Clean_OutsideText_IsOneHarmlessLine(string text, string expected) => Assert.Equal(expected, DisplayLine.Clean(text));
}

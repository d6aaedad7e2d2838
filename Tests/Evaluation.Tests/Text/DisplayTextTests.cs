namespace MLClassify.Evaluation.Tests;

public sealed class DisplayTextTests
{
    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("exactly10!", 10, "exactly10!")]
    [InlineData("american_bulldog", 9, "amer…ldog")]
    [InlineData("american_bulldog", 10, "ameri…ldog")]
    [InlineData("短毛猫短毛猫", 7, "短…猫")]
    [InlineData("🌷🌷🌷🌷🌷", 5, "🌷…🌷")]
    public void Shorten_AnyScript_FitsAndKeepsBothEnds(string text, int width, string expected)
    {
        string shortened = DisplayText.Shorten(text, width);

        Assert.Equal(expected, shortened);
        Assert.True(DisplayText.Width(shortened) <= width);
    }

    [Theory]
    [InlineData("plain", 5)]
    [InlineData("短毛", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("🌷", 2)]
    public void Width_AnyScript_CountsTerminalColumns(string text, int expected) => Assert.Equal(expected, DisplayText.Width(text));

    [Theory]
    [InlineData("a\u001Bb\n\tc", "a\uFFFDb\uFFFD\uFFFDc")]
    [InlineData("\u202Egnp.exe", "\uFFFDgnp.exe")]
    [InlineData("\u2028", "\uFFFD")]
    [InlineData("\uFFFE", "\uFFFD")]
    [InlineData("Gänseblümchen 短 🌷", "Gänseblümchen 短 🌷")]
    public void Clean_UnsafeCharacters_AreReplaced(string text, string expected) => Assert.Equal(expected, DisplayText.Clean(text));

    [Fact]
    public void Clean_UnpairedSurrogate_IsReplaced() => Assert.Equal("a\uFFFD", DisplayText.Clean("a" + (char)0xD800));
}

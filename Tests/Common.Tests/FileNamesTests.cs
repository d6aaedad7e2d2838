namespace MLClassify.Common.Tests;

public class FileNamesTests
{
    [Theory]
    [InlineData("resnet50-0676ba61.pth")]
    [InlineData("a")]
    [InlineData("a+b_c-1.2")]
    public void IsPlain_NameOfAFile_IsTrue(string name) => Assert.True(FileNames.IsPlain(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("/etc/passwd")]
    [InlineData("C:a")]
    [InlineData("a:stream")]
    [InlineData(".hidden")]
    [InlineData("ends.")]
    [InlineData("ends ")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("é")]
    public void IsPlain_NameThatCouldLeadElsewhere_IsFalse(string name)
    {
        Assert.False(FileNames.IsPlain(name));
        Assert.Throws<ArgumentException>(() => FileNames.Combine("folder", name));
    }

    [Fact]
    public void IsPlain_LongName_IsFalse() => Assert.False(FileNames.IsPlain(new string('a', 201)));

    [Fact]
    public void Combine_RandomNames_StayInTheFolder()
    {
        var random = new Random(3);
        string folder = Path.GetFullPath("folder");
        for (int i = 0; i < 2000; i++)
        {
            string name = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => "./\\:ab~%\u2215 "[random.Next(10)]));
            if (FileNames.IsPlain(name))
            {
                Assert.Equal(folder, Path.GetDirectoryName(Path.GetFullPath(FileNames.Combine(folder, name))));
            }
        }
    }
}

using MLClassify.Cli.Scaffolding;

namespace MLClassify.Cli.Tests.Scaffolding;

public class ProjectNameTests
{
    [Theory]
    [InlineData("Flowers", "Flowers")]
    [InlineData("flowers", "Flowers")]
    [InlineData("my flowers-2", "MyFlowers2")]
    [InlineData("102flowers", "_102flowers")]
    [InlineData("class", "Class")]
    [InlineData("../a/b", "AB")]
    [InlineData("Blumen-gro\u0308\u00dfe", "BlumenGro\u0308\u00dfe")]
    [InlineData("\u82b1", "\u82b1")]
    [InlineData("flowers \ud83c\udf39", "Flowers")]
    [InlineData("_x", "_x")]
    public void From_AnyText_IsAnIdentifier(string text, string expected) => Assert.Equal(expected, ProjectName.From(text, ProjectTemplate.Words));

    [Theory]
    [InlineData("")]
    [InlineData("---")]
    [InlineData("_")]
    [InlineData("\ud83c\udf39")]
    [InlineData("\ud83c")]
    [InlineData("Path")]
    [InlineData("program")]
    [InlineData("MLClassify")]
    [InlineData("Lazy")]
    [InlineData("Labels")]
    [InlineData("retrain")]
    public void From_NothingToMakeANameOf_IsRefused(string text) => Assert.Throws<UsageException>(() => ProjectName.From(text, ProjectTemplate.Words));

    [Fact]
    public void From_LongText_IsRefused() => Assert.Throws<UsageException>(() => ProjectName.From(new string('a', 61), ProjectTemplate.Words));

    [Fact]
    public void Files_Templates_HaveNoPlaceholderLeft() => Assert.All(
        ProjectTemplate.Files("Flowers", "1.2.3", new DeviceParts(ComputeDevice.Cuda())),
        file => Assert.DoesNotMatch("NAME|VERSION|DEVICE_", file.Name + file.Content));
}

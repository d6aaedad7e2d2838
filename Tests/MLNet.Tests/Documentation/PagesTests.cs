using MLClassify.Architecture.Tests.Surface;

namespace MLClassify.MLNet.Tests.Documentation;

/// <summary>The pages about ML.NET, whose C# only this project can compile.</summary>
public class PagesTests
{
    [Fact]
    public void Surface_OfThePackage_IsTheFile() => SurfaceFile.Check(typeof(MLContextExtensions).Assembly, "Tests/MLNet.Tests");

    [Theory]
    [InlineData("docs/mlnet.md", 5)]
    [InlineData("Samples/MLNetPipeline/README.md", 0)]
    public void Page_CSharp_Compiles(string page, int atLeast)
    {
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, page));
        MarkdownBlock[] blocks = [.. MarkdownBlock.Read(page, text).Where(block => block.Language == "csharp")];

        Assert.True(blocks.Length >= atLeast, $"{page} has {blocks.Length} blocks");
        Assert.Empty(blocks.SelectMany(SnippetCompiler.Errors));
    }
}

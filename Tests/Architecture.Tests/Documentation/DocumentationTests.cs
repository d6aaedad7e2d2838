using System.Text.Json;
using System.Text.RegularExpressions;

namespace MLClassify.Architecture.Tests.Documentation;

/// <summary>What the pages say is held to what there is.</summary>
public partial class DocumentationTests
{
    public static TheoryData<string> Pages => [.. RepositoryFiles.WithExtension(".md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_CSharp_Compiles(string page)
    {
        // A reader has seen the directives further up the page, none in comments.
        string seen = "";
        foreach (MarkdownBlock block in Blocks(page).Where(block => block.Language == "csharp"))
        {
            Assert.Empty(SnippetCompiler.Errors(block with { Context = seen + block.Context }));
            seen += SnippetCompiler.Directives(block.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_UsingDirectives_AreVisible(string page) =>
        Assert.All(Blocks(page), block => Assert.Equal("", SnippetCompiler.Directives(block.Context)));

    [Theory]
    [InlineData("README.md", 1)]
    [InlineData("docs/getting-started.md", 2)]
    [InlineData("docs/mlnet.md", 5)]
    public void Page_AboutTheLibrary_ShowsCSharp(string page, int atLeast) =>
        Assert.True(Blocks(page).Count(block => block.Language == "csharp") >= atLeast, $"{page} has fewer than {atLeast} blocks of C#");

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_Blocks_SayTheirLanguageWhereThereIsOne(string page) =>
        Assert.All(Blocks(page), block => Assert.Contains(block.Language, (string[])["", "csharp", "json", "sh", "xml", "html", "powershell", "python"]));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_Json_IsJson(string page)
    {
        foreach (MarkdownBlock block in Blocks(page).Where(block => block.Language == "json"))
        {
            JsonDocument.Parse(block.Text).Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_Links_LeadToFiles(string page)
    {
        string folder = Path.GetDirectoryName(page)!;
        IEnumerable<string> broken = Link().Matches(Fenced().Replace(Text(page), ""))
            .Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains(':', StringComparison.Ordinal) && target.Length > 0)
            .Where(target => !Path.Exists(Path.Combine(RepositoryFiles.FullPath(folder), target)));

        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("int x = 1;\n\nConsole.WriteLine(x);", 0)]
    [InlineData("Missing.Call();", 1)]
    [InlineData("using System.Text;\n\nvar b = new StringBuilder();\nb.Nothing();", 1)]
    [InlineData("class A { }", 0)]
    public void Errors_Samples_AreFound(string text, int expected)
    {
        IReadOnlyList<string> errors = SnippetCompiler.Errors(new MarkdownBlock("page.md", 10, "csharp", text, ""));

        Assert.Equal(expected, errors.Count);
        Assert.All(errors, error => Assert.StartsWith($"page.md:{9 + text.Split('\n').Length}:", error, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_Page_FindsFencedAndIndentedBlocksAndTheirContext()
    {
        const string Page = "# T\n<!-- everywhere: using A; -->\n<!-- context:\nint a = 1;\n-->\n```csharp\nint b = a;\n```\n\n    $ mlclassify demo\n\n- item\n\n    not code of its own\n";
        MarkdownBlock[] blocks = [.. MarkdownBlock.Read("p.md", Page)];

        Assert.Equal(("csharp", "int b = a;", 7), (blocks[0].Language, blocks[0].Text, blocks[0].Line));
        Assert.Contains("int a = 1;", blocks[0].Context, StringComparison.Ordinal);
        Assert.Equal(("", "$ mlclassify demo", "using A;"), (blocks[1].Language, blocks[1].Text, blocks[1].Context.Trim()));
    }

    private static string Text(string page) => File.ReadAllText(RepositoryFiles.FullPath(page));

    private static IEnumerable<MarkdownBlock> Blocks(string page) => MarkdownBlock.Read(page, Text(page));

    [GeneratedRegex(@"\]\(([^)#\s]*)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```.*?```", RegexOptions.Singleline)]
    private static partial Regex Fenced();
}

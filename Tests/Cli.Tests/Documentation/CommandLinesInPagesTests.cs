using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using MLClassify.Cli.Output;

namespace MLClassify.Cli.Tests.Documentation;

/// <summary>The tool understands every command line that a page shows.</summary>
public partial class CommandLinesInPagesTests
{
    public static TheoryData<string> Pages => [.. RepositoryFiles.WithExtension(".md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_CommandLines_AreUnderstood(string page)
    {
        string text = File.ReadAllText(RepositoryFiles.FullPath(page));
        IEnumerable<string> wrong =
            from block in MarkdownBlock.Read(page, text)
            where block.Language is "" or "sh" or "powershell"
            from line in CommandLines(block.Text)
            from error in Errors(line)
            select $"{page}:{block.Line}: {line}: {error}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Help_CommandLines_AreUnderstood() =>
        Assert.Empty(HelpPage.Texts.SelectMany(CommandLines).SelectMany(line => Errors(line).Select(error => $"{line}: {error}")));

    [Fact]
    public async Task Help_OfTheTool_HasExamplesAfterTheCommands()
    {
        using var output = new StringWriter();
        Assert.Equal(0, await CommandLine.RunAsync(["--help"], output, TextWriter.Null));

        string text = output.ToString();
        Assert.InRange(text.IndexOf("mlclassify train photos", StringComparison.Ordinal), text.IndexOf("Commands:", StringComparison.Ordinal), text.Length);
    }

    [Theory]
    [InlineData("mlclassify train flowers --epochs 3", 0)]
    [InlineData("$ mlclassify train flowers \\\n    --epochs 3   # a comment", 0)]
    [InlineData("dotnet run -c Release --project Cli -- demo", 0)]
    [InlineData("mlclassify train flowers --epoch 3", 1)]
    [InlineData("mlclassify brew coffee | less", 1)]
    [InlineData("echo mlclassify brew", 0)]
    public void Errors_Samples_AreFound(string text, int expected) => Assert.Equal(expected > 0, CommandLines(text).SelectMany(Errors).Any());

    private static IEnumerable<string> Errors(string line) =>
        CommandLine.CreateRoot(new CliContext(TextWriter.Null, TextWriter.Null)).Parse(CommandLineParser.SplitCommandLine(line).ToArray()).Errors.Select(error => error.Message);

    // Without the prompt, comments, what it is piped into and what it is written to.
    private static IEnumerable<string> CommandLines(string text) =>
        text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Select(line => Tool().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value.Trim());

    [GeneratedRegex(@"^\s*(?:\$ )?(?:mlclassify|dotnet run -c Release --project Cli --)\s+(.*?)(?:\s(?:#|\||>|&&).*|\s{3,}.*)?$")]
    private static partial Regex Tool();
}

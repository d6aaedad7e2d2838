using System.Text.RegularExpressions;

namespace MLClassify.Architecture.Tests.Documentation;

/// <summary>The language of sources and pages: American spelling, the field's words, and no option of the tool in a library.</summary>
public partial class PhraseTests
{
    private static readonly string[] Programs = ["Cli/", "Samples/", "Benchmarks/", "Tests/", "DemoData/", ".ci/"];

    // Ports of programs that run with arguments of their own, and a hint for curl.
    private static readonly string[] MayNameOptions = ["Pipelines/MLClassify/Retraining/RetrainingProgram.cs", "Pipelines/AspNetCore/Http/PredictHandler.cs"];

    [Fact]
    public void SourcesAndPages_Everywhere_SpellAsAmericansDo() => AssertNone(Written(), PhraseList.Spellings, text => text);

    [Fact]
    public void ProseOfLibrariesAndPages_Everywhere_UsesTheFieldsWords() =>
        AssertNone(Written().Where(file => !file.StartsWith("Tests/", StringComparison.Ordinal)), PhraseList.Riddles, Prose);

    [Fact]
    public void Libraries_Everywhere_NameNoOptionOfTheCommandLine()
    {
        IEnumerable<string> libraries = RepositoryFiles.WithExtension(".cs")
            .Where(file => !Programs.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)) && !MayNameOptions.Contains(file));

        AssertNone(libraries, [new Phrase(PhraseList.CommandLineOption, "a property or a type; the tool adds its own advice")], Prose);
    }

    [Theory]
    [InlineData("the colour of normalisation", 2)]
    [InlineData("aria-labelledby, \"cancelled\" and grey8.png", 0)]
    [InlineData("an analysis of cancellation", 0)]
    public void Spellings_Samples_AreFound(string text, int expected) =>
        Assert.Equal(expected, PhraseList.Spellings.Count(phrase => phrase.Pattern.IsMatch(text)));

    [Theory]
    [InlineData("/// <summary>Images to learn from.</summary>", 1)]
    [InlineData("int pictures = 0; // training images", 0)]
    [InlineData("throw new(\"the computation ran away\");", 1)]
    public void Riddles_Samples_AreFoundInProseAlone(string line, int expected) =>
        Assert.Equal(expected, PhraseList.Riddles.Count(phrase => phrase.Pattern.IsMatch(Prose(line))));

    private static IEnumerable<string> Written() => RepositoryFiles.All.Where(file =>
        (file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".md", StringComparison.Ordinal) || file.EndsWith(".csproj", StringComparison.Ordinal))
        && !Path.GetFileName(file).StartsWith("Phrase", StringComparison.Ordinal)
        && file != "CHANGELOG.md");

    private static void AssertNone(IEnumerable<string> files, IReadOnlyList<Phrase> phrases, Func<string, string> part)
    {
        IEnumerable<string> hits = files.SelectMany(file => File.ReadLines(RepositoryFiles.FullPath(file))
            .Select((line, index) => (Text: file.EndsWith(".cs", StringComparison.Ordinal) ? part(line) : Markup().Replace(line, ""), Number: index + 1))
            .SelectMany(entry => phrases.Where(phrase => phrase.Pattern.IsMatch(entry.Text))
                .Select(phrase => $"{file}:{entry.Number}: '{phrase.Pattern.Match(entry.Text).Value}'; write: {phrase.Better}")));

        Assert.Empty(hits);
    }

    /// <summary>Of a line of C#, its comment and its texts; of a doc comment, what stands outside tags.</summary>
    private static string Prose(string line)
    {
        string trimmed = line.TrimStart();
        return trimmed.StartsWith("//", StringComparison.Ordinal)
            ? Markup().Replace(trimmed, "")
            : string.Join(' ', Text().Matches(line).Select(match => Hole().Replace(match.Value, "")));
    }

    [GeneratedRegex("<[^>]*>|`[^`]*`")]
    private static partial Regex Markup();

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"|// .*")]
    private static partial Regex Text();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Hole();
}

using System.Text.Json;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MLClassify.Architecture.Tests;

/// <summary>
/// Results depend on no clock, no chance and no culture: the analyzer of banned APIs sees to that, and these tests that it is at work.
/// </summary>
public class BannedApiTests
{
    private const string Analyzer = "Microsoft.CodeAnalysis.BannedApiAnalyzers";
    private const string Rule = "RS" + "0030";
    private const string List = "BannedSymbols.txt";

    /// <summary>The files with a member that may use a banned API; each says why.</summary>
    private static readonly string[] Exceptions =
    [
        "Cli/Commands/DecodeCheck.cs", "Datasets/Audit/EqualFiles.cs", "Datasets/NearDuplicates/NearDuplicates.cs", "DemoData/DemoDataset.cs",
        "Preprocessing/Loading/SampleRange.cs", "Trainers/Heads/HeadWorkers.cs",
    ];

    public static TheoryData<string> Libraries => [.. PackageTests.Libraries];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_Restored_HasTheAnalyzer(string project)
    {
        string assets = RepositoryFiles.FullPath(project[..(project.LastIndexOf('/') + 1)] + "obj/project.assets.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(assets));
        JsonElement dependencies = document.RootElement.GetProperty("project").GetProperty("frameworks").EnumerateObject().Single().Value.GetProperty("dependencies");

        Assert.True(dependencies.TryGetProperty(Analyzer, out _), $"{project} has no reference to {Analyzer}");
    }

    [Fact]
    public void BuildProperties_EveryProjectOutsideTests_GetsAnalyzerAndList()
    {
        XElement group = Assert.Single(
            XDocument.Load(RepositoryFiles.FullPath("Directory.Build.props")).Descendants("ItemGroup"),
            group => group.Elements("PackageReference").Any(item => item.Attribute("Include")?.Value == Analyzer));

        // A project that 'mlclassify new' writes into a clone has its own versions of packages, and is none of the repository's.
        Assert.Equal("!$(RootRelativeFolder.StartsWith('Tests/')) and '$(ManagePackageVersionsCentrally)' != 'false'", group.Attribute("Condition")!.Value);
        Assert.EndsWith(List, Assert.Single(group.Elements("AdditionalFiles")).Attribute("Include")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_Everywhere_IsSwitchedOffForListedMembersAlone()
    {
        IEnumerable<string> naming = RepositoryFiles.Text.Where(file => Lines(file).Any(line => line.Contains(Rule, StringComparison.Ordinal)));

        Assert.Equal([.. Exceptions, List], naming.Order(StringComparer.Ordinal).OrderBy(file => file == List));
        Assert.All(Exceptions.SelectMany(Lines).Where(line => line.Contains(Rule, StringComparison.Ordinal)), line =>
        {
            Assert.Contains("[SuppressMessage(", line, StringComparison.Ordinal);
            Assert.Contains("Justification = \"", line, StringComparison.Ordinal);
        });
    }

    // The analyzer passes over a line that names nothing.
    [Fact]
    public void List_EveryLine_NamesASymbolAndSaysWhy()
    {
        var compilation = CSharpCompilation.Create(
            "Names", references: ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)));
        string[][] entries = [.. Lines(List).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)).Select(line => line.Split(';', 2))];

        Assert.InRange(entries.Length, 10, 100);
        Assert.All(entries, entry =>
        {
            Assert.True(DocumentationCommentId.GetFirstSymbolForDeclarationId(entry[0], compilation) is not null, $"there is no {entry[0]}");
            Assert.InRange(entry[1].Length, 5, 200);
        });
    }

    [Theory]
    [InlineData("P:System.Random.Shared")]
    [InlineData("M:System.Random.#ctor")]
    [InlineData("P:System.DateTime.Now")]
    [InlineData("P:System.DateTime.UtcNow")]
    [InlineData("T:System.Threading.Tasks.Parallel")]
    public void List_WhatMattersMost_IsInIt(string symbol) => Assert.Contains(Lines(List), line => line.StartsWith(symbol + ";", StringComparison.Ordinal));

    private static IEnumerable<string> Lines(string file) => File.ReadLines(RepositoryFiles.FullPath(file));
}

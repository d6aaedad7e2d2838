namespace MLClassify.Architecture.Tests.Folders;

/// <summary>The folders of a project depend on each other in one direction, as projects do.</summary>
public class FolderCycleTests
{
    /// <summary>Projects that still have cycles. The list only shrinks: a project without cycles must leave it.</summary>
    private static readonly string[] Known = [];

    private static readonly string[] Checked = [.. PackageTests.Libraries, "Cli/MLClassify.Cli.csproj", "DemoData/MLClassify.DemoData.csproj"];

    public static TheoryData<string> Projects => [.. Checked];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Folders_UseEachOtherInOneDirection(string project)
    {
        string folder = project[..(project.LastIndexOf('/') + 1)];
        IEnumerable<(string, string)> sources = RepositoryFiles.WithExtension(".cs")
            .Where(file => file.StartsWith(folder, StringComparison.Ordinal))
            .Select(file => (file[folder.Length..], File.ReadAllText(RepositoryFiles.FullPath(file))));
        IReadOnlyList<FolderUse> cycles = FolderGraph.Cycles(FolderGraph.Of(Path.GetFileNameWithoutExtension(project), sources));

        string edges = string.Join('\n', cycles.Select(use => $"  {Name(use.From)} -> {Name(use.To)}: {use.Example}"));
        if (Known.Contains(project))
        {
            Assert.True(cycles.Count > 0, $"{project} has no cycles any more: remove it from the list of known ones");
        }
        else
        {
            Assert.True(cycles.Count == 0, $"{project} has folders that depend on each other:\n{edges}");
        }
    }

    [Fact]
    public void Known_EveryEntry_IsAProject() => Assert.All(Known, project => Assert.Contains(project, Checked));

    [Fact]
    public void Of_TwoFolders_SeesTypesMembersAndExtensions()
    {
        IReadOnlyList<FolderUse> uses = FolderGraph.Of(
            "Sample",
            [
                ("Root.cs", "namespace S; class Root { int F() => Low.Helper.One.Two(); }"),
                ("Low/Helper.cs", "namespace S.Low; static class Helper { public static int One => 1; }"),
                ("Side/Extensions.cs", "namespace S; static class Extensions { public static int Two(this int x) => x; }"),
                ("Apart/Same.cs", "namespace S.Apart; class Helper { Helper? Next; int Root; int F() => Root; }"),
            ]);

        Assert.Equal([("", "Low"), ("", "Side")], uses.Select(use => (use.From, use.To)));
        Assert.Equal("Root.cs uses Helper", uses[0].Example);
        Assert.Empty(FolderGraph.Cycles(uses));
    }

    [Fact]
    public void Cycles_LongerOnes_AreFoundAndWhatLeadsToThemIsNot()
    {
        FolderUse[] uses = [.. new[] { ("A", "B"), ("B", "C"), ("C", "A"), ("D", "A"), ("C", "E") }.Select(pair => new FolderUse(pair.Item1, pair.Item2, ""))];

        Assert.Equal(uses[..3], FolderGraph.Cycles(uses));
    }

    private static string Name(string folder) => folder.Length == 0 ? "(project folder)" : folder;
}

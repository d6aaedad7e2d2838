using System.Xml.Linq;

namespace MLClassify.Architecture.Tests;

public class ProjectReferenceTests
{
    private const string TestsFolder = "Tests";
    private const string OwnFolder = "Tests/Architecture.Tests/";

    private static readonly string[] AllProjects = [.. RepositoryFiles.WithExtension(".csproj")];

    public static TheoryData<string> Projects => [.. AllProjects];

    public static TheoryData<string> Folders => [.. LayerTable.Rows.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Folder_IsInTheLayerTable(string project)
    {
        string folder = Subject(project);

        Assert.True(
            LayerTable.Rows.ContainsKey(folder) || IsTestLibrary(project) || project.StartsWith(OwnFolder, StringComparison.Ordinal),
            $"{project}: the layer table has no row for '{folder}'");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_AreThoseOfItsLayer(string project)
    {
        string folder = Subject(project);
        HashSet<string> allowed = [.. Row(project)?.MayReference ?? []];
        if (IsTest(project) && !IsTestLibrary(project))
        {
            allowed.Add(folder);

            // A test that computes needs an engine, through its public surface.
            allowed.UnionWith(["Engines/Cpu", .. LayerTable.Rows["Engines/Cpu"].MayReference]);
            allowed.UnionWith(LayerTable.MoreForTests.GetValueOrDefault(folder) ?? []);

            allowed.UnionWith(LayerTable.TestLibrariesFor(allowed));
        }

        foreach (string reference in Items(project, "ProjectReference"))
        {
            string target = Path.GetRelativePath(
                RepositoryFiles.FullPath(""),
                Path.GetFullPath(Path.Combine(Path.GetDirectoryName(RepositoryFiles.FullPath(project))!, reference.Replace('\\', '/'))));
            target = target.Replace('\\', '/');
            string targetFolder = Subject(target);
            bool ownProgram = IsTest(project) && IsTest(target) && targetFolder == folder;
            Assert.True(ownProgram || allowed.Contains(targetFolder), $"{project} references {targetFolder}; allowed: {string.Join(", ", allowed)}");
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Packages_AreListed(string project)
    {
        bool hasRow = !IsTest(project) || IsTestLibrary(project) || project.StartsWith(OwnFolder, StringComparison.Ordinal);
        string[] allowed = [.. hasRow ? Row(project)?.Packages ?? [] : [], .. IsTest(project) && !IsTestLibrary(project) ? LayerTable.TestPackages : []];

        Assert.All(Items(project, "PackageReference"), package => Assert.Contains(package, allowed));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Table_EveryRow_PointsDownOnly(string folder)
    {
        Layer layer = LayerTable.Rows[folder];

        Assert.All(layer.MayReference, lower => Assert.True(LayerTable.Rows[lower].Level < layer.Level, $"{folder} may not reference {lower}"));
    }

    [Fact]
    public void Table_EveryRow_HasAProjectAndTests()
    {
        // What only the build uses is tested by the build.
        string[] missing =
        [
            .. LayerTable.Rows.Keys.Where(row => !AllProjects.Any(project => !IsTest(project) && Subject(project) == row)),
            .. LayerTable.Rows.Keys.Except(["Build"]).Where(row => !AllProjects.Any(project => IsTest(project) && Subject(project) == row)).Select(row => $"tests of {row}"),
        ];

        Assert.Empty(missing);
    }

    [Fact]
    public void Solution_EveryProject_IsInIt()
    {
        string solution = File.ReadAllText(RepositoryFiles.FullPath("MLClassify.sln")).Replace('\\', '/');

        Assert.All(AllProjects, project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
        Assert.Equal(["MLClassify.sln"], RepositoryFiles.WithExtension(".sln"));
    }

    [Fact]
    public void Projects_Everywhere_LieBesideEachOther()
    {
        string[] folders = [.. AllProjects.Select(project => project[..(project.LastIndexOf('/') + 1)])];

        Assert.All(folders, folder => Assert.DoesNotContain(folders, other => other != folder && other.StartsWith(folder, StringComparison.Ordinal)));
    }

    private static Layer? Row(string project) =>
        project.StartsWith(OwnFolder, StringComparison.Ordinal) ? LayerTable.Repository
            : IsTestLibrary(project) ? LayerTable.TestLibraries[Subject(project)]
            : LayerTable.Rows.GetValueOrDefault(Subject(project));

    private static bool IsTestLibrary(string project) => IsTest(project) && LayerTable.TestLibraries.ContainsKey(Subject(project));

    private static bool IsTest(string project) => project.StartsWith(TestsFolder + "/", StringComparison.Ordinal);

    /// <summary>The row of the layer that a project is, or tests.</summary>
    private static string Subject(string project) =>
        IsTest(project) ? LayerTable.SubjectOfTests(project.Split('/')[1]) : LayerTable.RowOf(project[..project.LastIndexOf('/')]);

    private static IEnumerable<string> Items(string project, string element) =>
        XDocument.Load(RepositoryFiles.FullPath(project)).Descendants(element).Select(item => item.Attribute("Include")?.Value ?? "");
}

using System.Xml.Linq;

namespace MLClassify.Architecture.Tests;

public class ProjectReferenceTests
{
    private const string TestsFolder = "Tests";

    private static readonly string[] AllProjects = [.. RepositoryFiles.WithExtension(".csproj")];

    public static TheoryData<string> Projects => [.. AllProjects];

    public static TheoryData<string> Folders => [.. LayerTable.Rows.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Folder_IsInTheLayerTable(string project)
    {
        string folder = Subject(project);

        Assert.True(
            LayerTable.Rows.ContainsKey(folder) || project.StartsWith("Tests/Architecture.Tests/", StringComparison.Ordinal),
            $"{project}: the layer table has no row for '{folder}'");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_AreThoseOfItsLayer(string project)
    {
        string folder = Subject(project);
        HashSet<string> allowed = LayerTable.Rows.TryGetValue(folder, out Layer? layer) ? [.. layer.MayReference] : [];
        if (IsTest(project))
        {
            allowed.Add(folder);
        }

        foreach (string reference in Items(project, "ProjectReference"))
        {
            string target = Path.GetRelativePath(
                RepositoryFiles.FullPath(""),
                Path.GetFullPath(Path.Combine(Path.GetDirectoryName(RepositoryFiles.FullPath(project))!, reference.Replace('\\', '/'))));
            string targetFolder = target.Split('/', '\\')[0];
            bool ownProgram = IsTest(project) && targetFolder == TestsFolder && Subject(target.Replace('\\', '/')) == folder;
            Assert.True(ownProgram || allowed.Contains(targetFolder), $"{project} references {targetFolder}; allowed: {string.Join(", ", allowed)}");
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Packages_AreListed(string project)
    {
        string[] allowed = IsTest(project) ? LayerTable.TestPackages : LayerTable.Rows.TryGetValue(Subject(project), out Layer? layer) ? layer.Packages : [];

        Assert.All(Items(project, "PackageReference"), package => Assert.Contains(package, allowed));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Table_EveryRow_PointsDownOnly(string folder)
    {
        Layer layer = LayerTable.Rows[folder];

        Assert.All(layer.MayReference, lower => Assert.True(LayerTable.Rows[lower].Level < layer.Level, $"{folder} may not reference {lower}"));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Table_EveryRow_HasAProjectAndTests(string folder)
    {
        Assert.Contains(AllProjects, project => !IsTest(project) && Subject(project) == folder);
        Assert.Contains(AllProjects, project => IsTest(project) && Subject(project) == folder);
    }

    [Fact]
    public void Solution_EveryProject_IsInIt()
    {
        string solution = File.ReadAllText(RepositoryFiles.FullPath("MLClassify.sln")).Replace('\\', '/');

        Assert.All(AllProjects, project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }

    private static bool IsTest(string project) => project.StartsWith(TestsFolder + "/", StringComparison.Ordinal);

    /// <summary>The folder of the layer that a project is, or tests.</summary>
    private static string Subject(string project)
    {
        string[] parts = project.Split('/');
        string subject = IsTest(project) ? parts[1].Replace(".Tests", "", StringComparison.Ordinal) : parts[0];
        return LayerTable.TestPrograms.GetValueOrDefault(subject, subject);
    }

    private static IEnumerable<string> Items(string project, string element) =>
        XDocument.Load(RepositoryFiles.FullPath(project)).Descendants(element).Select(item => item.Attribute("Include")?.Value ?? "");
}

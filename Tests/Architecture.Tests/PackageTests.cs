using System.Xml.Linq;

namespace MLClassify.Architecture.Tests;

public class PackageTests
{
    private const string Tool = "Cli/MLClassify.Cli.csproj";

    private static readonly string[] Programs = ["Tests/", "Benchmarks/", "Samples/", "Cli/", "DemoData/", "Build/"];

    /// <summary>The projects that are packages of a library.</summary>
    public static string[] Libraries { get; } =
    [
        .. RepositoryFiles.WithExtension(".csproj").Where(project => !Programs.Any(folder => project.StartsWith(folder, StringComparison.Ordinal))),
    ];

    public static TheoryData<string> Packed => [.. Libraries, Tool];

    [Theory]
    [MemberData(nameof(Packed))]
    public void Package_Project_DescribesIt(string project)
    {
        string[] descriptions = Values(project, "Description");

        Assert.InRange(Assert.Single(descriptions).Length, 40, 400);
    }

    [Theory]
    [MemberData(nameof(Packed))]
    public void Package_Project_LeavesTheVersionToDirectoryBuildProps(string project) =>
        Assert.Empty(new[] { "Version", "VersionPrefix", "PackageVersion", "AssemblyVersion", "FileVersion" }.SelectMany(name => Values(project, name)));

    [Fact]
    public void Packages_Reference_PackagesAlone()
    {
        // A library that referenced a program could not be packed so that its package is usable.
        Assert.All(Libraries, project => Assert.DoesNotContain(
            XDocument.Load(RepositoryFiles.FullPath(project)).Descendants("ProjectReference").Select(item => item.Attribute("Include")!.Value),
            reference => reference.Contains("Cli", StringComparison.Ordinal) || reference.Contains("DemoData", StringComparison.Ordinal) || reference.Contains("Tests", StringComparison.Ordinal)));
    }

    private static string[] Values(string project, string property) =>
        [.. XDocument.Load(RepositoryFiles.FullPath(project)).Descendants(property).Select(element => element.Value)];
}

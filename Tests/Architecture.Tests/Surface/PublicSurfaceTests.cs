using System.Reflection;

namespace MLClassify.Architecture.Tests.Surface;

/// <summary>
/// Holds each package's public surface to <c>docs/api/PACKAGE.txt</c>, so that a change of it is seen. One command writes all of the files anew:
/// <c>MLCLASSIFY_UPDATE=1 dotnet test -c Release Tests/Architecture.Tests</c>.
/// </summary>
public class PublicSurfaceTests
{
    public static TheoryData<string> Packages => [.. PackageTests.Libraries.Select(Name)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Surface_OfPackage_IsTheFile(string package) => SurfaceFile.Check(Assembly.Load(package));

    [Fact]
    public void Folder_EveryFile_IsOfAPackage()
    {
        IEnumerable<string> files = RepositoryFiles.All.Where(file => file.StartsWith("docs/api/", StringComparison.Ordinal));

        Assert.All(files, file => Assert.Contains(Name(file), PackageTests.Libraries.Select(Name)));
    }

    private static string Name(string file) => Path.GetFileNameWithoutExtension(file);
}

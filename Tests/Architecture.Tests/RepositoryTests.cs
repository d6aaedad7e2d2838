using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MLClassify.Architecture.Tests;

public partial class RepositoryTests
{
    private const int MostLines = 500;

    /// <summary>Files that are long because a table of constants is.</summary>
    private static readonly string[] ConstantTables = [];

    // In pieces, so that this file does not hold what it looks for.
    private static readonly string[] RegistryHosts =
    [
        "nuget" + ".org", "pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "crates" + ".io", "proxy.golang" + ".org",
    ];

    [Fact]
    public void NugetConfig_Sources_AreLocal()
    {
        IEnumerable<string> sources = XDocument.Load(RepositoryFiles.FullPath("nuget.config"))
            .Descendants("packageSources").Elements("add").Select(source => source.Attribute("value")!.Value);

        Assert.All(sources, source => Assert.False(source.StartsWith("http", StringComparison.OrdinalIgnoreCase), source));
    }

    [Fact]
    public void TextFiles_Everywhere_NameNoPlaceOnAMachine() =>
        AssertNoLine(RepositoryFiles.Text, line => MachinePath().IsMatch(line));

    [Fact]
    public void TextFiles_Everywhere_NameNoPackageRegistry() =>
        AssertNoLine(RepositoryFiles.Text, line => RegistryHosts.Any(host => line.Contains(host, StringComparison.OrdinalIgnoreCase)));

    [Fact]
    public void Sources_Everywhere_AreOfReadableLength()
    {
        IEnumerable<string> tooLong = RepositoryFiles.WithExtension(".cs")
            .Except(ConstantTables)
            .Select(file => (File: file, Lines: File.ReadLines(RepositoryFiles.FullPath(file)).Count()))
            .Where(entry => entry.Lines > MostLines)
            .Select(entry => $"{entry.File}: {entry.Lines} lines");

        Assert.Empty(tooLong);
    }

    // What `dotnet format` sees and neither the build nor `dotnet format whitespace` does.
    [Fact]
    public void Sources_Everywhere_HaveTheirUsingsInOrder()
    {
        IEnumerable<string> disordered = RepositoryFiles.WithExtension(".cs").Where(file =>
        {
            string[] names = [.. File.ReadLines(RepositoryFiles.FullPath(file)).TakeWhile(IsHead).Select(line => Using().Match(line)).Where(m => m.Success).Select(m => m.Groups[1].Value)];
            return !names.SequenceEqual(names.OrderBy(name => !$"{name}.".StartsWith("System.", StringComparison.Ordinal)).ThenBy(name => name.Replace('.', '\0'), StringComparer.OrdinalIgnoreCase));
        });

        Assert.Empty(disordered);
    }

    [Theory]
    [InlineData("/ho", "me/someone/x", true)]
    [InlineData("see /tm", "p/x.png", true)]
    [InlineData("\"/wo", "rk/shared\"", true)]
    [InlineData("C:\\Us", "ers\\someone", true)]
    [InlineData("the frame", "work/x", false)]
    [InlineData("docs/ro", "ot/x", false)]
    public void MachinePath_Samples_AreTold(string first, string second, bool expected) => Assert.Equal(expected, MachinePath().IsMatch(first + second));

    private static bool IsHead(string line) => line.Length == 0 || line.StartsWith("using ", StringComparison.Ordinal) || line.StartsWith("//", StringComparison.Ordinal);

    private static void AssertNoLine(IEnumerable<string> files, Func<string, bool> isForbidden)
    {
        IEnumerable<string> hits = files.SelectMany(file => File.ReadLines(RepositoryFiles.FullPath(file))
            .Select((line, index) => (Line: line, Number: index + 1))
            .Where(entry => isForbidden(entry.Line))
            .Select(entry => $"{file}:{entry.Number}: {entry.Line.Trim()}"));

        Assert.Empty(hits);
    }

    /// <summary>An absolute path below a home, work or temporary folder.</summary>
    [GeneratedRegex(@"(?<![\w.*-])/(home|root|work|tmp|Users)/|[A-Za-z]:\\Users\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"^using ([A-Z][\w.]*);\s*$")]
    private static partial Regex Using();
}

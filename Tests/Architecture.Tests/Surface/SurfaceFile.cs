using System.Reflection;

namespace MLClassify.Architecture.Tests.Surface;

/// <summary>The file that a package's public surface is held to: <c>docs/api/PACKAGE.txt</c>.</summary>
internal static class SurfaceFile
{
    private const string Variable = "MLCLASSIFY_UPDATE";

    /// <summary>Compares an assembly's surface with its file, or writes the file where <c>MLCLASSIFY_UPDATE=1</c> asks for it.</summary>
    /// <param name="assembly">The package's assembly.</param>
    public static void Check(Assembly assembly)
    {
        string name = $"docs/api/{assembly.GetName().Name}.txt";
        string path = Path.Combine(SharedData.RepositoryRoot, name);
        string actual = PublicSurface.Of(assembly);
        if (Environment.GetEnvironmentVariable(Variable) is "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        const string Advice = $"If that is meant, write it down with: {Variable}=1 dotnet test -c Release Tests/Architecture.Tests";
        Assert.True(File.Exists(path), $"{name} is missing. {Advice}");
        string expected = File.ReadAllText(path).ReplaceLineEndings("\n");
        Assert.True(expected == actual, $"The public surface is not what {name} says. {Advice}\n{Difference(expected.Split('\n'), actual.Split('\n'))}");
    }

    private static string Difference(string[] expected, string[] actual)
    {
        const int MostLines = 20;
        IEnumerable<string> lines = expected.Except(actual).Select(line => $"- {line.Trim()}").Concat(actual.Except(expected).Select(line => $"+ {line.Trim()}"));
        return string.Join('\n', lines.Take(MostLines));
    }
}

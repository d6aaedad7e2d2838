namespace MLClassify.Architecture.Tests;

/// <summary>One row of the layer table in <c>docs/architecture.md</c>.</summary>
/// <param name="Level">Height in the drawing.</param>
/// <param name="MayReference">Folders whose projects this one may reference; a folder inside one of them has a row of its own.</param>
/// <param name="Packages">Packages that it may reference.</param>
internal sealed record Layer(int Level, string[] MayReference, string[] Packages);

/// <summary>The layers, by folder. A new project needs a row here and in the document.</summary>
internal static class LayerTable
{
    public static IReadOnlyDictionary<string, Layer> Rows { get; } = new Dictionary<string, Layer>(StringComparer.Ordinal)
    {
        ["Kernels"] = new(0, [], ["System.Numerics.Tensors"]),
        ["Imaging"] = new(0, [], []),
        ["Files"] = new(0, [], []),
        ["Graphs"] = new(1, ["Kernels"], []),
        ["Datasets"] = new(1, ["Files", "Imaging"], []),
        ["Networks"] = new(2, ["Graphs", "Files"], ["Google.Protobuf"]),
        ["Preprocessing"] = new(2, ["Datasets", "Imaging", "Graphs"], []),
        ["Evaluation"] = new(3, ["Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging"], []),
        ["Trainers"] = new(4, ["Evaluation", "Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging", "Kernels"], ["Google.Protobuf"]),
        ["Pipelines"] = new(5, ["Trainers", "Evaluation", "Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging", "Kernels"], []),
        ["Pipelines/AspNetCore"] = new(6, ["Pipelines", "Preprocessing", "Imaging"], []),
        ["Pipelines/MLNet"] = new(
            6,
            ["Pipelines", "Trainers", "Evaluation", "Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging"],
            ["Microsoft.ML"]),
        ["Cli"] = new(
            6,
            ["Pipelines", "Trainers", "Evaluation", "Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging"],
            ["System.CommandLine", "Spectre.Console"]),
        ["Benchmarks"] = new(
            6,
            ["Pipelines", "Trainers", "Evaluation", "Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging", "Kernels"],
            ["System.CommandLine", "BenchmarkDotNet"]),
        ["Samples"] = new(
            7,
            ["Pipelines", "Pipelines/AspNetCore", "Pipelines/MLNet", "Trainers", "Evaluation", "Networks", "Preprocessing", "Datasets", "Imaging"],
            ["System.CommandLine", "Microsoft.ML", "Microsoft.ML.OnnxRuntime"]),
    };

    /// <summary>Projects of packages that not every feed has; they are in a solution of their own.</summary>
    public static string[] OptionalProjects { get; } = ["Pipelines/MLNet", "Samples/MLNetPipeline", "Samples/OnnxInference"];

    /// <summary>The row that holds for a folder: its own, or that of the folder around it.</summary>
    /// <param name="folder">The folder, with forward slashes.</param>
    /// <returns>The row's key; the folder's first part where there is none.</returns>
    public static string RowOf(string folder)
    {
        for (string part = folder; part.Length > 0; part = part[..Math.Max(part.LastIndexOf('/'), 0)])
        {
            if (Rows.ContainsKey(part))
            {
                return part;
            }
        }

        return folder.Split('/')[0];
    }

    /// <summary>The row that a folder of tests, or of a program that tests start, belongs to.</summary>
    /// <param name="folder">The folder's name below <c>Tests</c>.</param>
    public static string SubjectOfTests(string folder)
    {
        string name = folder.Replace(".Tests", "", StringComparison.Ordinal);
        return TestPrograms.GetValueOrDefault(name) ?? Rows.Keys.FirstOrDefault(row => row.Split('/')[^1] == name) ?? name;
    }

    /// <summary>Programs that tests start as processes of their own, with the layer whose tests they belong to.</summary>
    public static IReadOnlyDictionary<string, string> TestPrograms { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["KernelLegs"] = "Graphs",
        ["NetworkParity"] = "Networks",
    };

    /// <summary>What the tests of the repository itself may reference: every package that is in the main solution, to show its surface and compile the pages.</summary>
    public static Layer Repository { get; } = new(
        8, [.. Rows.Keys.Except([.. OptionalProjects, "Cli", "Benchmarks", "Samples"])], []);

    /// <summary>
    /// Libraries of fixtures, by folder below <c>Tests</c>. Every test project has the first, through <c>Directory.Build.props</c>; the others
    /// only those whose subject stands on what the library references.
    /// </summary>
    public static IReadOnlyDictionary<string, Layer> TestLibraries { get; } = new Dictionary<string, Layer>(StringComparer.Ordinal)
    {
        ["Testing"] = new(8, ["Imaging"], ["FsCheck", "Microsoft.Extensions.TimeProvider.Testing", "xunit.assert", "xunit.extensibility.core"]),
        ["Testing.Networks"] = new(8, ["Networks", "Graphs"], []),
    };

    /// <summary>The libraries of fixtures that a test project may name.</summary>
    /// <param name="folders">What the project may reference besides.</param>
    public static IEnumerable<string> TestLibrariesFor(IEnumerable<string> folders)
    {
        HashSet<string> below = [.. folders];
        while (below.Count < below.Union(below.SelectMany(References)).Count())
        {
            below.UnionWith(below.SelectMany(References).ToArray());
        }

        return [.. TestLibraries.Where(library => below.IsSupersetOf(library.Value.MayReference)).Select(library => library.Key)];

        static string[] References(string folder) => Rows.TryGetValue(folder, out Layer? layer) ? layer.MayReference : [];
    }

    /// <summary>Packages that any test project may add to those of <c>Directory.Build.props</c>.</summary>
    public static string[] TestPackages { get; } = ["Microsoft.CodeAnalysis.CSharp"];
}

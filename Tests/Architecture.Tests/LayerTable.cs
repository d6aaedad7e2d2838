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
        ["DemoData"] = new(1, ["Imaging"], []),
        ["Datasets"] = new(1, ["Files", "Imaging"], []),
        ["Networks"] = new(2, ["Graphs", "Files"], ["Google.Protobuf"]),
        ["Preprocessing"] = new(2, ["Datasets", "Imaging", "Graphs"], []),
        ["Evaluation"] = new(3, ["Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging"], []),
        ["Trainers"] = new(4, ["Evaluation", "Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging", "Kernels"], ["Google.Protobuf"]),
        ["Pipelines/MLClassify"] = new(
            5, ["Trainers", "Evaluation", "Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging", "Kernels"], []),
        ["Pipelines/AspNetCore"] = new(6, ["Pipelines/MLClassify", "Preprocessing", "Imaging"], []),
        ["Pipelines/MLNet"] = new(
            6,
            ["Pipelines/MLClassify", "Trainers", "Evaluation", "Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging"],
            ["Microsoft.ML"]),
        ["Cli"] = new(
            6,
            ["DemoData", "Pipelines/MLClassify", "Trainers", "Evaluation", "Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging"],
            ["System.CommandLine", "Spectre.Console"]),
        ["Benchmarks"] = new(
            6,
            ["Pipelines/MLClassify", "Trainers", "Evaluation", "Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging", "Kernels"],
            ["System.CommandLine", "BenchmarkDotNet"]),
        ["Samples"] = new(
            7,
            ["Pipelines/MLClassify", "Pipelines/AspNetCore", "Pipelines/MLNet", "Trainers", "Evaluation", "Networks", "Preprocessing", "Datasets", "Imaging"],
            ["System.CommandLine", "Microsoft.ML", "Microsoft.ML.OnnxRuntime"]),
    };

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
        return TestSubjects.GetValueOrDefault(name) ?? Rows.Keys.FirstOrDefault(row => row.Split('/')[^1] == name) ?? name;
    }

    /// <summary>Folders of tests that are not named after their subject, and programs that tests start as processes of their own.</summary>
    public static IReadOnlyDictionary<string, string> TestSubjects { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Pipelines"] = "Pipelines/MLClassify",
        ["KernelLegs"] = "Graphs",
        ["NetworkParity"] = "Networks",
    };

    /// <summary>What the tests of the repository itself may reference: every package, to show its surface and compile the pages.</summary>
    public static Layer Repository { get; } = new(
        8, [.. Rows.Keys.Except(["DemoData", "Cli", "Benchmarks", "Samples"])], []);

    /// <summary>Packages that any test project may add to those of <c>Directory.Build.props</c>.</summary>
    public static string[] TestPackages { get; } = ["FsCheck", "Microsoft.CodeAnalysis.CSharp"];
}

namespace MLClassify.Architecture.Tests;

/// <summary>One row of the layer table in <c>docs/architecture.md</c>.</summary>
/// <param name="Level">Height in the drawing.</param>
/// <param name="MayReference">Folders whose projects this one may reference.</param>
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
        ["Cli"] = new(
            6,
            ["Pipelines", "Trainers", "Evaluation", "Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging"],
            ["System.CommandLine", "Spectre.Console"]),
        ["Benchmarks"] = new(
            6,
            ["Pipelines", "Trainers", "Evaluation", "Networks", "Preprocessing", "Graphs", "Datasets", "Files", "Imaging", "Kernels"],
            ["System.CommandLine", "BenchmarkDotNet"]),
    };

    /// <summary>Programs that tests start as processes of their own, with the layer whose tests they belong to.</summary>
    public static IReadOnlyDictionary<string, string> TestPrograms { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["KernelLegs"] = "Graphs",
        ["NetworkParity"] = "Networks",
    };

    /// <summary>Packages that any test project may add to those of <c>Directory.Build.props</c>.</summary>
    public static string[] TestPackages { get; } = ["FsCheck"];
}

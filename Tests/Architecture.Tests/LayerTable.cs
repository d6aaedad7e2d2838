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
        ["Build"] = new(0, [], []),
        ["Imaging"] = new(0, [], []),
        ["Common"] = new(0, [], ["Microsoft.Extensions.Logging.Abstractions"]),
        ["Graphs"] = new(1, ["Common"], []),
        ["DemoData"] = new(1, ["Imaging"], []),
        ["Datasets"] = new(1, ["Common", "Imaging"], []),
        ["Engines/Cpu"] = new(2, ["Graphs", "Common"], ["System.Numerics.Tensors"]),
        ["Engines/Torch"] = new(2, ["Graphs", "Common"], ["TorchSharp"]),
        ["Networks"] = new(2, ["Graphs", "Common"], []),
        ["WeightFiles"] = new(3, ["Networks", "Graphs", "Common"], ["Google.Protobuf", "Grpc.Tools"]),
        ["Preprocessing"] = new(2, ["Datasets", "Imaging", "Common"], []),
        ["Models"] = new(4, ["WeightFiles", "Engines/Cpu", "Networks", "Preprocessing", "Graphs", "Datasets", "Common", "Imaging"], []),
        ["Evaluation"] = new(5, ["Models", "WeightFiles", "Networks", "Preprocessing", "Graphs", "Datasets", "Common", "Imaging"], []),
        ["Trainers"] = new(6, ["Evaluation", "Models", "WeightFiles", "Networks", "Preprocessing", "Graphs", "Datasets", "Common", "Imaging"], ["Microsoft.Extensions.Logging.Abstractions"]),
        ["Reports"] = new(
            7,
            ["Trainers", "Evaluation", "Models", "WeightFiles", "Networks", "Preprocessing", "Graphs", "Datasets", "Common", "Imaging"],
            ["Google.Protobuf", "Grpc.Tools"]),
        ["Pipelines/MLClassify"] = new(8, ["Reports", "Trainers", "Evaluation", "Models", "WeightFiles", "Networks", "Preprocessing", "Graphs", "Datasets", "Common", "Imaging"], []),
        ["Pipelines/Hosting"] = new(
            5,
            ["Models", "Networks", "Preprocessing", "Graphs", "Common", "Imaging"],
            ["Microsoft.Extensions.Diagnostics", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting.Abstractions"]),
        ["Pipelines/AspNetCore"] = new(9, ["Pipelines/Hosting", "Pipelines/MLClassify", "Models", "Preprocessing", "Imaging"], []),
        ["Pipelines/MLNet"] = new(
            9,
            ["Build", "Pipelines/MLClassify", "Reports", "Trainers", "Evaluation", "Models", "WeightFiles", "Networks", "Preprocessing", "Graphs", "Datasets", "Common", "Imaging"],
            ["Microsoft.ML"]),
        ["Cli"] = new(
            10,
            ["DemoData", "Pipelines/AspNetCore", "Pipelines/Hosting", "Pipelines/MLClassify", "Reports", "Trainers", "Evaluation", "Models", "WeightFiles", "Engines/Torch", "Networks", "Preprocessing", "Graphs", "Datasets", "Common", "Imaging"],
            ["System.CommandLine", "Spectre.Console", "Microsoft.AspNetCore.OpenApi", "TorchSharp", "SkiaSharp", "SkiaSharp.NativeAssets.macOS", "SkiaSharp.NativeAssets.Win32", "SharpZipLib"]),
        ["Benchmarks"] = new(
            10,
            ["Pipelines/MLNet", "Pipelines/MLClassify", "Reports", "Trainers", "Evaluation", "Models", "WeightFiles", "Engines/Cpu", "Networks", "Preprocessing", "Graphs", "Datasets", "Common", "Imaging"],
            ["System.CommandLine", "BenchmarkDotNet", "Microsoft.ML", "Microsoft.ML.DnnImageFeaturizer.ResNet18", "Microsoft.ML.ImageAnalytics", "Microsoft.ML.OnnxTransformer", "Microsoft.ML.OnnxRuntime"]),
        ["Samples"] = new(
            10,
            ["Pipelines/MLClassify", "Pipelines/Hosting", "Pipelines/AspNetCore", "Pipelines/MLNet", "Reports", "Trainers", "Evaluation", "Models", "WeightFiles", "Networks", "Preprocessing", "Datasets", "Imaging"],
            ["System.CommandLine", "Microsoft.ML", "Microsoft.ML.ImageAnalytics", "Microsoft.ML.OnnxTransformer", "Microsoft.ML.OnnxRuntime", "Microsoft.Extensions.Hosting"]),
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
        ["KernelLegs"] = "Engines/Cpu",
        ["MLNet.Latest"] = "Pipelines/MLNet",
        ["NetworkParity"] = "Networks",
        ["DeviceBench"] = "Engines/Torch",
        ["Engines.Torch"] = "Engines/Torch",
    };

    /// <summary>What an engine's tests reference beside its row, where they show it at work: networks, and training with all that this stands on.</summary>
    public static IReadOnlyDictionary<string, string[]> MoreForTests { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Engines/Torch"] = ["Trainers", .. Rows["Trainers"].MayReference],
    };

    /// <summary>What the tests of the repository itself may reference: every package, to show its surface and compile the pages.</summary>
    public static Layer Repository { get; } = new(
        11, [.. Rows.Keys.Except(["Build", "DemoData", "Cli", "Benchmarks", "Samples"])], []);

    /// <summary>
    /// Libraries of fixtures, by folder below <c>Tests</c>. Every test project has the first, through <c>Directory.Build.props</c>; the others
    /// only those whose subject stands on what the library references.
    /// </summary>
    public static IReadOnlyDictionary<string, Layer> TestLibraries { get; } = new Dictionary<string, Layer>(StringComparer.Ordinal)
    {
        ["Testing"] = new(8, ["Imaging"], ["FsCheck", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.TimeProvider.Testing", "xunit.assert", "xunit.extensibility.core"]),
        ["Testing.Engines"] = new(8, ["Graphs", "Common"], ["xunit.assert", "xunit.extensibility.core", "xunit.extensibility.execution"]),
        ["Testing.Networks"] = new(8, ["WeightFiles", "Networks", "Graphs"], []),
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

    /// <summary>Packages that any test project may add to those of <c>Directory.Build.props</c>; ML.NET in a version of its own, and its images.</summary>
    public static string[] TestPackages { get; } =
    [
        "Microsoft.AspNetCore.OpenApi", "Microsoft.CodeAnalysis.CSharp", "Microsoft.ML", "Microsoft.ML.ImageAnalytics", "Microsoft.ML.LightGbm", "Microsoft.ML.OnnxConverter",
        "TorchSharp", "libtorch-cpu-linux-x64", "SkiaSharp", "SkiaSharp.NativeAssets.macOS", "SkiaSharp.NativeAssets.Win32", "SharpZipLib",
    ];
}

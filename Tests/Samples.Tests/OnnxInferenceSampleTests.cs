using System.Diagnostics;
using MLClassify.Samples.Flowers;

namespace MLClassify.Samples.Tests;

/// <summary>The sample that needs ONNX Runtime's package, which not every feed has: run as a program, where it was built.</summary>
public sealed class OnnxInferenceSampleTests
{
    [OnnxSampleFact]
    public async Task OnnxInference_TrainedModel_AgreesWithOnnxRuntime()
    {
        using var pictures = new ColorImageFolder(perClass: 4);
        SampleRun trained = await SampleRun.Of(
            FlowersSample.RunAsync, pictures.Root, "--weights", "embedded", "--split-every", "2", "--epochs", "3", "--out", pictures[".out"]);
        string model = trained.File("model");

        (int code, string output, string error) = await Run(model, pictures.Root, "--images", "5");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("largest distance of 5 pictures: ", output);
        Assert.True(File.Exists(Path.ChangeExtension(model, ".onnx")));

        (code, _, error) = await Run(pictures["nowhere.safetensors"], pictures.Root);
        Assert.Equal(1, code);
        Assert.StartsWith("error: ", Assert.Single(error.Trim().Split('\n')));
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [OnnxSampleFactAttribute.Program, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().OrHang();
        return (process.ExitCode, await output, await error);
    }
}

/// <summary>A test of Samples/OnnxInference; skipped, with the reason, where it was not built.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxSampleFactAttribute : FactAttribute
{
    public OnnxSampleFactAttribute()
    {
        if (!File.Exists(Program))
        {
            Skip = "needs Samples/OnnxInference, built: dotnet build -c Release Pipelines/MLNet/MLClassify.MLNet.sln";
        }
    }

    /// <summary>The program, of the configuration that the tests have.</summary>
    public static string Program { get; } = Path.Combine(
        SharedData.RepositoryRoot,
        "Samples",
        "OnnxInference",
        "bin",
        Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!,
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
        "MLClassify.Samples.OnnxInference.dll");
}

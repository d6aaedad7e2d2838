using System.Globalization;
using System.Text.Json;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.WeightFiles.Onnx;
using Xunit.Abstractions;

namespace MLClassify.WeightFiles.Tests.Onnx;

/// <summary>
/// torchvision's networks at full size, on demand: <c>python3 Golden/onnx/make_onnx.py --full FOLDER</c>, then
/// <c>MLCLASSIFY_ONNX=FOLDER dotnet test -c Release Tests/WeightFiles.Tests --filter FullSize --logger "console;verbosity=detailed"</c>.
/// </summary>
public sealed class FullSizeOnnxTests(ITestOutputHelper output)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [FullSizeFact]
    public void Open_NetworksOfTorchvision_GivePyTorchsLogits()
    {
        string folder = FullSizeFactAttribute.Folder!;
        using var engine = new CpuEngine(2);
        double largest = 0;
        foreach (OnnxCase @case in JsonSerializer.Deserialize<OnnxCase[]>(File.ReadAllText(Path.Combine(folder, "outputs.json")), Options)!)
        {
            using OnnxNetwork network = OnnxNetwork.Open(Path.Combine(folder, @case.File + ".onnx"));
            using ParameterStore parameters = engine.CreateParameters(network.Graph.Parameters);
            network.Load(parameters);
            using IInferenceSession session = engine.CreateInference(network.Graph, parameters, 1);
            float[] input = new float[session.InputShape.Count];
            FormulaValues.FillInput(input);
            float[] found = session.Run(input).ToArray();
            double scale = @case.Values.Max(Math.Abs);
            double difference = @case.Values.Zip(found, (a, b) => Math.Abs(a - b)).Max() / scale;
            largest = Math.Max(largest, difference);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{@case.File,-16} {network.Graph.Nodes.Count,4} layers  {difference:E2}"));
        }

        Assert.InRange(largest, 0, 1e-4);
    }

    /// <summary>A test that is skipped, with the reason, unless the folder is named.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class FullSizeFactAttribute : FactAttribute
    {
        public FullSizeFactAttribute() => Skip = Folder is null ? "MLCLASSIFY_ONNX names no folder that make_onnx.py --full wrote" : null;

        public static string? Folder => Environment.GetEnvironmentVariable("MLCLASSIFY_ONNX") is { Length: > 0 } folder && Directory.Exists(folder) ? folder : null;
    }
}

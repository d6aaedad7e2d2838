using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MLClassify.Tests.Shared;

/// <summary>A tensor of float32 with its dimensions.</summary>
internal sealed record OnnxTensor(int[] Dims, float[] Values);

/// <summary>What ONNX Runtime says of a model, and made of each input.</summary>
internal sealed record OnnxAnswer(string[] Inputs, string[] Outputs, Dictionary<string, OnnxTensor>[] Results);

/// <summary>ONNX Runtime in a process of its own, which evaluates any number of models.</summary>
internal sealed class OnnxRuntimeProcess : IDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(2);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("mlclassify-onnxruntime-").FullName;

    public OnnxRuntimeProcess()
    {
        string script = Path.Combine(SharedData.RepositoryRoot, "Tests", "Shared", "onnxruntime_run.mjs");
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("node", [script, OnnxRuntimeInstallation.Folder])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            },
        };
        _process.Start();
    }

    /// <summary>Evaluates a model on inputs, one after the other.</summary>
    public OnnxAnswer Run(string model, params OnnxTensor[] inputs)
    {
        var files = inputs.Select((input, i) =>
        {
            string file = Path.Combine(_folder, FormattableString.Invariant($"{i}.bin"));
            File.WriteAllBytes(file, MemoryMarshal.AsBytes<float>(input.Values).ToArray());
            return new { dims = input.Dims, file };
        });
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(new { model, inputs = files.ToArray() }));
        _process.StandardInput.Flush();
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        Assert.True(line.Wait(AnswerTime), $"ONNX Runtime took longer than {AnswerTime.TotalSeconds} s for {model}");
        using JsonDocument document = JsonDocument.Parse(line.Result ?? throw new InvalidOperationException("ONNX Runtime's process ended"));
        return document.RootElement.TryGetProperty("error", out JsonElement error)
            ? throw new InvalidOperationException($"ONNX Runtime: {error.GetString()}")
            : document.RootElement.Deserialize<OnnxAnswer>(Json)!;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

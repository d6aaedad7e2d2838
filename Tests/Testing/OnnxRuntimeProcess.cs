using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Xunit;

namespace MLClassify.Testing;

/// <summary>ONNX Runtime in a process of its own, which evaluates any number of models.</summary>
public sealed class OnnxRuntimeProcess : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Process _process;
    private readonly TemporaryFolder _folder = new();

    /// <summary>Starts the process.</summary>
    public OnnxRuntimeProcess()
    {
        string script = Path.Combine(SharedData.RepositoryRoot, "Tests", "Testing", "onnxruntime_run.mjs");
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
    /// <param name="model">The model's file.</param>
    /// <param name="inputs">The inputs.</param>
    public OnnxAnswer Run(string model, params OnnxTensor[] inputs)
    {
        var files = inputs.Select((input, i) =>
        {
            string file = _folder[FormattableString.Invariant($"{i}.bin")];
            File.WriteAllBytes(file, MemoryMarshal.AsBytes<float>(input.Values).ToArray());
            return new { dims = input.Dims, file };
        });
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(new { model, inputs = files.ToArray() }));
        _process.StandardInput.Flush();
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        Assert.True(line.Wait(Waiting.Limit), $"ONNX Runtime hangs for {model}");
        using JsonDocument document = JsonDocument.Parse(line.Result ?? throw new InvalidOperationException("ONNX Runtime's process ended"));
        return document.RootElement.TryGetProperty("error", out JsonElement error)
            ? throw new InvalidOperationException($"ONNX Runtime: {error.GetString()}")
            : document.RootElement.Deserialize<OnnxAnswer>(Json)!;
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }
}

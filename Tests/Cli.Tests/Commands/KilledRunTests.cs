using System.Diagnostics;
using System.Text;
using MLClassify.Reports;

namespace MLClassify.Cli.Tests.Commands;

/// <summary>A run in a process of its own that is killed (SIGKILL), or cannot write, and goes on.</summary>
public sealed class KilledRunTests : IDisposable
{
    private static readonly string[] Recipe =
    [
        "--recipe", "cifar", "--image-size", "16", "--epochs", "40", "--batch-size", "4", "--mixup", "0.2", "--ema", "0.9", "--split-every", "4", "--threads", "1",
    ];

    private readonly ColorImageFolder _images = new(perClass: 8);
    private readonly TemporaryFolder _runs = new();

    public void Dispose()
    {
        _images.Dispose();
        _runs.Dispose();
    }

    [Fact]
    public async Task Train_KilledAtAnyMomentAndResumed_EndsWithTheSameBytes()
    {
        Assert.Equal(0, (await Run(["train", _images.Root, "--out", _runs["whole"], .. Recipe])).Code);

        string run = _runs["killed"];
        var random = new Random(7);
        int kills = 0;
        string[] arguments = ["train", _images.Root, "--out", run, .. Recipe];
        while (true)
        {
            // From before the first step to the middle of the run: the process itself says where it is.
            int? killAtLine = kills == 0 ? 1 : kills < 4 ? random.Next(2, 9) : null;
            (int code, string output) = await Run(arguments, killAtLine);
            if (code == 0)
            {
                break;
            }

            kills++;
            Assert.True(kills < 20, output);
            Assert.All(Directory.EnumerateFiles(_runs.Root, "*.safetensors", SearchOption.AllDirectories), AssertWhole);
            arguments = File.Exists(Path.Combine(run, "args.json")) && new FileInfo(Path.Combine(run, "args.json")).Length > 0 ? ["train", "--resume", run] : arguments;
            if (arguments[1] != "--resume" && Directory.Exists(run))
            {
                Directory.Delete(run, recursive: true);
            }
        }

        Assert.Equal(4, kills);
        foreach (string name in new[] { "weights/best.safetensors", "weights/last.safetensors", "predictions.csv", "metrics.json", "confusion_matrix.csv" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(_runs.Root, "whole", name)), File.ReadAllBytes(Path.Combine(run, name)));
        }

        static string History(string folder) => string.Join('\n', ResultsFile.Read(Path.Combine(folder, "results.csv")).Select(e => e with { Time = 0 }));
        Assert.Equal(History(_runs["whole"]), History(run));
        Assert.False(File.Exists(Path.Combine(run, "weights", "checkpoint.safetensors")));
    }

    // No file may grow beyond a limit, as on a full disk: the first model cannot be written.
    [Fact]
    public async Task Train_FullDisk_SaysWhichFileAndLeavesNoHalfOne()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string run = _runs["full"];
        (int code, string output) = await Run(["train", _images.Root, "--out", run, .. Recipe], blocks: 700);
        Assert.Equal(1, code);
        string line = Assert.Single(output.Split('\n'), l => l.StartsWith("error: ", StringComparison.Ordinal));
        Assert.Contains("safetensors", line);
        Assert.Empty(Directory.Exists(run) ? Directory.EnumerateFiles(run, "*.safetensors*", SearchOption.AllDirectories) : []);
    }

    private static void AssertWhole(string path)
    {
        using var reader = WeightFiles.SafetensorsReader.Open(path);
        Assert.NotEmpty(reader.Entries);
    }

    private static async Task<(int Code, string Output)> Run(string[] arguments, int? killAtLine = null, int blocks = 0)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "MLClassify.Cli.dll");
        string dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(blocks > 0 ? "sh" : dotnet) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (blocks > 0)
        {
            // The signal of the limit is ignored, so that a write fails as it does on a full disk; a shell's block has 512 bytes.
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(FormattableString.Invariant($"trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""));
            start.ArgumentList.Add("sh");
            start.ArgumentList.Add(dotnet);
        }

        start.ArgumentList.Add(tool);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // What the runtime maps for itself is no file of the run.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        var output = new StringBuilder();
        int lines = 0;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            output.AppendLine(line);
            if (++lines == killAtLine)
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}

using System.ComponentModel;
using System.Diagnostics;

namespace MLClassify.Testing;

/// <summary>
/// ONNX Runtime for Node.js, installed by npm into <c>artifacts/onnxruntime</c> when a test first asks for it; later runs find it there.
/// </summary>
public static class OnnxRuntimeInstallation
{
    private const string Package = "onnxruntime-node@1.30.0";

    private static readonly Lazy<string?> FoundProblem = new(Install);

    /// <summary>Why it is not there, or null.</summary>
    public static string? Problem => FoundProblem.Value;

    /// <summary>The folder that holds <c>node_modules</c>.</summary>
    public static string Folder { get; } =
        Path.Combine(SharedData.RepositoryRoot, "artifacts", "onnxruntime", Package.Replace('@', '-'));

    private static string? Install()
    {
        if (Run("node", ["--version"]) is { } noNode)
        {
            return $"ONNX Runtime needs node ({noNode})";
        }

        if (Directory.Exists(Folder))
        {
            return null;
        }

        string parent = Path.GetDirectoryName(Folder)!;
        Directory.CreateDirectory(parent);
        string temporary = Path.Combine(parent, Path.GetRandomFileName());
        try
        {
            // Another test project may be doing the same; the second one finds it done.
            using FileStream gate = Wait(Path.Combine(parent, "install.lock"));
            return Directory.Exists(Folder) ? null : Install(temporary);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            return $"ONNX Runtime could not be installed ({e.Message})";
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static string? Install(string temporary)
    {
        // Its own script only fetches libraries for GPUs.
        string[] arguments =
        [
            "install", "--prefix", temporary, "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts",
            "--fetch-retries", "1", "--fetch-timeout", "60000", Package,
        ];
        Directory.CreateDirectory(temporary);
        string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        if (Run(npm, arguments) is { } problem)
        {
            return $"npm could not install {Package} ({problem})";
        }

        Directory.Move(temporary, Folder);
        return null;
    }

    private static FileStream Wait(string path)
    {
        FileStream? gate = null;
        Waiting.UntilAsync(() => (gate = TryLock(path)) is not null).GetAwaiter().GetResult();
        return gate!;
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    // What went wrong, or null.
    private static string? Run(string program, string[] arguments)
    {
        try
        {
            using var process = new Process
            {
                StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
            };
            process.Start();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Waiting.Limit))
            {
                process.Kill(entireProcessTree: true);
                return $"{program} took longer than {Waiting.Limit.TotalMinutes:F0} minutes";
            }

            Task.WaitAll(output, error);
            return process.ExitCode == 0 ? null : error.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? $"exit code {process.ExitCode}";
        }
        catch (Win32Exception e)
        {
            return e.Message;
        }
    }
}

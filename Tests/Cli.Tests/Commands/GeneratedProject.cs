using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using MLClassify.Cli.Commands;

namespace MLClassify.Cli.Tests.Commands;

/// <summary>
/// A folder with a package source of its own, in which the package MLClassify holds the libraries beside this test: what a user's
/// <c>dotnet</c> finds, without packing and without touching the user's package cache.
/// </summary>
internal sealed class GeneratedProject : TemporaryFolder
{
    // Left by the program that runs the tests; another build would take them for its own.
    private static readonly string[] Inherited =
        ["MSBuildSDKsPath", "MSBUILD_EXE_PATH", "MSBuildExtensionsPath", "MSBuildLoadMicrosoftTargetsReadOnly", "VSTestLogger", "VSTestResultsDirectory"];

    public GeneratedProject()
    {
        string version = typeof(NewCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        Directory.CreateDirectory(this["feed"]);
        using ZipArchive package = ZipFile.Open(this[$"feed/MLClassify.{version}.nupkg"], ZipArchiveMode.Create);
        using (var writer = new StreamWriter(package.CreateEntry("MLClassify.nuspec").Open()))
        {
            writer.Write($"""
                <?xml version="1.0"?>
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata>
                    <id>MLClassify</id><version>{version}</version><authors>tests</authors><description>For tests.</description>
                    <dependencies><group targetFramework="net10.0" /></dependencies>
                  </metadata>
                </package>
                """);
        }

        string[] names = ["MLClassify", "Trainers", "Reports", "Evaluation", "Models", "WeightFiles", "Engines.Cpu", "Networks", "Preprocessing", "Graphs", "Datasets", "Common", "Imaging"];
        string[] others = ["Google.Protobuf", "System.Numerics.Tensors", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions"];
        foreach (string name in names.Select(n => n == "MLClassify" ? n : $"MLClassify.{n}").Concat(others))
        {
            // What the web framework brings lies with it, not beside the tests.
            string file = Path.Combine(AppContext.BaseDirectory, name + ".dll");
            package.CreateEntryFromFile(File.Exists(file) ? file : Assembly.Load(name).Location, $"lib/net10.0/{name}.dll", CompressionLevel.NoCompression);
        }

        File.WriteAllText(this["nuget.config"], """<configuration><packageSources><clear /><add key="tests" value="feed" /></packageSources></configuration>""");
    }

    /// <summary>Runs a program.</summary>
    public async Task<ToolResult> RunAsync(string program, string folder, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in Inherited)
        {
            start.Environment.Remove(name);
        }

        start.Environment["NUGET_PACKAGES"] = this["packages"];
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["MLCLASSIFY_OFFLINE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Waiting.Limit);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ToolResult(process.ExitCode, await output, await error);
    }
}

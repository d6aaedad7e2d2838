using MLClassify.WeightFiles.Packages;

namespace MLClassify.Models.Tests;

/// <summary>Installing libtorch with a script in the place of <c>dotnet</c>: nothing is fetched.</summary>
public sealed class TorchPackagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Installed => _folder["home/libtorch/cpu"];

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public async Task InstallAsync_Packages_AreExactAndTheirNativeFilesKept()
    {
        NuGetSettings settings = Script("""
            cp "$2" ../seen.txt
            mkdir out
            echo new > out/libtorch_cpu.so; echo new > out/libcudnn.so.9; echo managed > out/TorchSharp.dll.config; echo text > out/readme.txt
            """);
        Directory.CreateDirectory(Installed);
        File.WriteAllText(Path.Combine(Installed, "old.so"), "old");

        Assert.Equal(Installed, await TorchPackages.For("cpu").InstallAsync(settings, CancellationToken.None));

        Assert.Equal(["libcudnn.so.9", "libtorch_cpu.so"], Directory.GetFiles(Installed).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        string project = File.ReadAllText(_folder["home/libtorch/seen.txt"]);
        Assert.Contains($"""<PackageReference Include="TorchSharp" Version="[{TorchPackages.TorchSharpVersion}]" />""", project, StringComparison.Ordinal);
        Assert.Contains("""<PackageReference Include="libtorch-cpu-""", project, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InstallAsync_NoSdk_SaysSo()
    {
        var settings = new NuGetSettings { Environment = name => name == "MLCLASSIFY_HOME" ? _folder["home"] : null };

        IOException error = await Assert.ThrowsAsync<IOException>(() => TorchPackages.For("cpu").InstallAsync(settings, CancellationToken.None));

        Assert.Equal("there is no 'dotnet' on the PATH: restoring a package needs the .NET SDK", error.Message);
    }

    [UnixFact]
    public async Task InstallAsync_NoNetwork_SaysWhatNuGetSaysAndKeepsWhatIsThere()
    {
        NuGetSettings settings = Script("""
            echo "$2 : error NU1301: Unable to load the service index for source https://packages.example/v3/index.json."
            echo "$2 : error NU1301:   Name or service not known (packages.example:443)"
            exit 1
            """);
        Directory.CreateDirectory(Installed);
        File.WriteAllText(Path.Combine(Installed, "old.so"), "old");

        IOException error = await Assert.ThrowsAsync<IOException>(() => TorchPackages.For("cpu").InstallAsync(settings, CancellationToken.None));

        Assert.Equal(
            "'dotnet build' failed: error NU1301: Unable to load the service index for source https://packages.example/v3/index.json. error NU1301:   Name or service not known (packages.example:443)",
            error.Message);
        Assert.Equal(["old.so"], Directory.GetFiles(Installed).Select(f => Path.GetFileName(f)));
        Assert.Equal([Installed], Directory.GetDirectories(_folder["home/libtorch"]));
    }

    private NuGetSettings Script(string text)
    {
        string program = _folder["bin/dotnet"];
        Directory.CreateDirectory(_folder["bin"]);
        File.WriteAllText(program, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new NuGetSettings
        {
            Environment = name => name switch
            {
                "PATH" => _folder["bin"],
                "MLCLASSIFY_HOME" => _folder["home"],
                _ => null,
            },
        };
    }
}

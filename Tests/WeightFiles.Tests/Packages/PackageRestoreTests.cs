using MLClassify.WeightFiles.Packages;

namespace MLClassify.WeightFiles.Tests.Packages;

/// <summary>With a script in the place of <c>dotnet</c>: nothing is fetched.</summary>
public sealed class PackageRestoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakePackage _fake = new("cifar_resnet20");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_NoSdk_SaysSo()
    {
        IOException error = await Assert.ThrowsAsync<IOException>(() => RunAsync(Settings("")));

        Assert.Contains("needs the .NET SDK", error.Message);
    }

    [UnixFact]
    public async Task RunAsync_Project_NamesThePackageAloneAndIsRemoved()
    {
        NuGetSettings settings = Script("""
            [ "$1" = restore ] || exit 3
            ls -A > "$(dirname "$2")/../seen.txt"
            cat "$2" >> "$(dirname "$2")/../seen.txt"
            """);

        await RunAsync(settings);

        string seen = await File.ReadAllTextAsync(_folder["weights/seen.txt"]);
        Assert.Contains($"""<PackageDownload Include="{FakePackage.Id}" Version="[0.23.1]" />""", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("PackageReference", seen, StringComparison.Ordinal);
        Assert.Contains("Directory.Build.props\nDirectory.Build.targets\nDirectory.Packages.props\nglobal.json\n", seen, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_folder["weights"]));
    }

    [UnixFact]
    public async Task RunAsync_NuGetFails_GivesItsReason()
    {
        NuGetSettings settings = Script("""
            echo "  Determining projects to restore..."
            echo "$2 : error NU1101: Unable to find package. No packages exist with this id"
            exit 1
            """);

        IOException error = await Assert.ThrowsAsync<IOException>(() => RunAsync(settings));

        Assert.Equal("'dotnet restore' failed: error NU1101: Unable to find package. No packages exist with this id", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["weights"]));
    }

    [UnixFact]
    public async Task RunAsync_NeverEnds_IsEndedAfterTheLimit()
    {
        NuGetSettings settings = Script("sleep 600") with { RestoreLimit = TimeSpan.FromMilliseconds(200) };

        IOException error = await Assert.ThrowsAsync<IOException>(() => RunAsync(settings));

        Assert.Equal("'dotnet restore' did not end within 0.2 s", error.Message);
    }

    [UnixFact]
    public async Task RunAsync_Canceled_IsCanceled()
    {
        using var stop = new CancellationTokenSource();
        Task running = PackageRestore.RunAsync(_fake.Package, "0.23.1", _folder["weights"], Script("sleep 600"), stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [UnixFact]
    public async Task SourcesAsync_List_HasTheEnabledOnes()
    {
        NuGetSettings settings = Script("""
            printf 'E https://packages.example/v3/index.json\nD https://off.example/\nEM /srv/my packages\n'
            """);

        Assert.Equal(["https://packages.example/v3/index.json", "/srv/my packages"], await PackageRestore.SourcesAsync(settings, CancellationToken.None));
    }

    [UnixFact]
    public async Task ProbeAsync_NoServerAnswers_SaysSo()
    {
        // Nobody listens at port 1 of this machine.
        NuGetSettings settings = Script("echo 'E http://127.0.0.1:1/index.json'");

        IOException error = await Assert.ThrowsAsync<IOException>(() => PackageSources.ProbeAsync(settings, CancellationToken.None));

        Assert.Equal("no server of NuGet's sources answers", error.Message);
    }

    [UnixFact]
    public async Task ProbeAsync_AFolderThatIsHere_Suffices() => await PackageSources.ProbeAsync(Script($"echo 'E {_folder.Root}'"), CancellationToken.None);

    private Task RunAsync(NuGetSettings settings) => PackageRestore.RunAsync(_fake.Package, "0.23.1", _folder["weights"], settings, CancellationToken.None);

    private NuGetSettings Script(string content)
    {
        Directory.CreateDirectory(_folder["bin"]);
        File.WriteAllText(_folder["bin/dotnet"], $"#!/bin/sh\n{content}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder["bin/dotnet"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return Settings(_folder["bin"]) with { ListLimit = Waiting.Limit, AnswerLimit = Waiting.Limit };
    }

    private NuGetSettings Settings(string path) => _fake.Settings() with { Environment = name => name == "PATH" ? path : null, UserFolder = _folder.Root };
}

using System.Runtime.InteropServices;
using MLClassify.Common;
using MLClassify.WeightFiles.Packages;

namespace MLClassify.Models;

/// <summary>
/// The NuGet packages that hold libtorch, and how the user's own NuGet fetches them for a program that does not reference them: the SDK
/// builds a project that does, and its native files are kept.
/// </summary>
internal sealed record TorchPackages
{
    internal const string TorchSharpVersion = "0.107.0";
    private const string LibtorchVersion = "2.10.0";

    private TorchPackages(string kind, string runtime, string id, string size) => (Kind, Runtime, Id, Size) = (kind, runtime, id, size);

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public string Kind { get; }

    /// <summary>The platform, such as <c>linux-x64</c>.</summary>
    public string Runtime { get; }

    /// <summary>The package with libtorch for it.</summary>
    public string Id { get; }

    /// <summary>How much is fetched and how much it takes, for people.</summary>
    public string Size { get; }

    /// <summary>The packages of a kind for this machine.</summary>
    /// <param name="kind"><c>cpu</c> or <c>cuda</c>.</param>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    /// <exception cref="ComputeDeviceException">There is none for this machine.</exception>
    public static TorchPackages For(string kind)
    {
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : "";
        string runtime = $"{system}-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
        return (kind, runtime) switch
        {
            ("cpu", "linux-x64" or "win-x64") => new TorchPackages(kind, runtime, $"libtorch-cpu-{runtime}", "about 130 MB to fetch, 500 MB on disk"),
            ("cpu", "osx-arm64" or "win-arm64") => new TorchPackages(kind, runtime, $"libtorch-cpu-{runtime}", "about 100 MB to fetch, 300 MB on disk"),
            ("cuda", "linux-x64" or "win-x64") => new TorchPackages(kind, runtime, $"libtorch-cuda-12.8-{runtime}", "about 3 GB to fetch, 6 GB on disk"),
            ("cpu" or "cuda", _) => throw new ComputeDeviceException($"There is no libtorch for '{kind}' on {runtime}."),
            _ => throw new ArgumentException($"The kind '{kind}' is not known; known: cpu, cuda.", nameof(kind)),
        };
    }

    /// <summary>The folder in which they are kept.</summary>
    /// <param name="home">The user's folder.</param>
    public string FolderIn(string home) => Path.Combine(home, "libtorch", Kind);

    /// <summary>Fetches and keeps them; what was there before is replaced once all is here.</summary>
    /// <param name="settings">The user's NuGet.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="IOException">There is no SDK, or NuGet cannot get the packages.</exception>
    public async Task<string> InstallAsync(NuGetSettings settings, CancellationToken cancellationToken)
    {
        string folder = FolderIn(UserFolder.Find(settings.Environment));
        string parent = Path.GetDirectoryName(folder)!;
        Directory.CreateDirectory(parent);
        string fresh = Path.Combine(parent, $".{Kind}-{Path.GetRandomFileName()}");
        try
        {
            await PackageRestore.RunAsync("build", Project(), ["-c", "Release"], parent, settings, built => Keep(built, fresh), cancellationToken).ConfigureAwait(false);
            Remove(folder);
            Directory.Move(fresh, folder);
            return folder;
        }
        finally
        {
            Remove(fresh);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Managed files stay behind: the program has its own.
    private static void Keep(string built, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(built, "out")).Where(IsNative))
        {
            File.Move(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    private static bool IsNative(string file)
    {
        string name = Path.GetFileName(file);
        return name.Contains(".so", StringComparison.Ordinal) || name.EndsWith(".dylib", StringComparison.Ordinal)
            || (name.EndsWith(".dll", StringComparison.Ordinal) && !name.Contains("SkiaSharp", StringComparison.Ordinal) && !IsManaged(file));
    }

    private static bool IsManaged(string file)
    {
        using FileStream stream = File.OpenRead(file);
        using var reader = new System.Reflection.PortableExecutable.PEReader(stream);
        return reader.HasMetadata;
    }

    private string Project() => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net{Environment.Version.Major}.0</TargetFramework>
            <AssemblyName>libtorch-files</AssemblyName>
            <RuntimeIdentifier>{Runtime}</RuntimeIdentifier>
            <SelfContained>false</SelfContained>
            <CopyLocalLockFileAssemblies>true</CopyLocalLockFileAssemblies>
            <EnableDefaultItems>false</EnableDefaultItems>
            <OutputPath>out/</OutputPath>
            <AppendRuntimeIdentifierToOutputPath>false</AppendRuntimeIdentifierToOutputPath>
            <AppendTargetFrameworkToOutputPath>false</AppendTargetFrameworkToOutputPath>
            <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
            <UseArtifactsOutput>false</UseArtifactsOutput>
            <NuGetAudit>false</NuGetAudit>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="TorchSharp" Version="[{TorchSharpVersion}]" />
            <PackageReference Include="{Id}" Version="[{LibtorchVersion}]" />
          </ItemGroup>
        </Project>
        """;
}

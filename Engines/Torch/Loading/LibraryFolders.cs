using System.Runtime.InteropServices;
using MLClassify.Common;

namespace MLClassify.Engines.Torch.Loading;

/// <summary>Where libtorch's files may lie.</summary>
internal static class LibraryFolders
{
    private static readonly string Prefix = OperatingSystem.IsWindows() ? "" : "lib";

    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";

    /// <summary>Finds the files.</summary>
    public static LibraryFiles Find() => Find(
        Environment.GetEnvironmentVariable(TorchLibrary.Variable), AppContext.BaseDirectory, Path.Combine(UserFolder.Find(), "libtorch"));

    /// <summary>Finds the files.</summary>
    /// <param name="named">The folder that the variable names; null where it is not set.</param>
    /// <param name="program">The program's folder.</param>
    /// <param name="installed">The folder in which installed libraries have theirs: <c>cuda</c>, <c>cpu</c>.</param>
    internal static LibraryFiles Find(string? named, string program, string installed)
    {
        string runtime = Path.Combine(program, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        string[] usual = [program, runtime, Path.Combine(installed, "cuda"), Path.Combine(installed, "cpu")];
        string? shim = new[] { named }.Concat(usual).FirstOrDefault(f => Has(f, Shim));
        if (string.IsNullOrEmpty(named))
        {
            return usual.FirstOrDefault(f => Has(f, "torch_cpu")) is not { } folder
                ? new LibraryFiles("there is no libtorch beside the program and none is installed")
                : Files(folder, Has(folder, Shim) ? folder : shim);
        }

        return Has(named, "torch_cpu")
            ? Files(Path.GetFullPath(named), Has(named, Shim) ? named : shim)
            : new LibraryFiles($"the folder '{named}' that {TorchLibrary.Variable} names holds no {FileName("torch_cpu")}");
    }

    /// <summary>TorchSharp's own native part, which binds it to libtorch.</summary>
    internal const string Shim = "LibTorchSharp";

    private static LibraryFiles Files(string folder, string? shim)
    {
        if (shim is null)
        {
            return new LibraryFiles($"there is no {FileName(Shim)} in {folder} nor beside the program");
        }

        string[] parts = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];
        IEnumerable<string> files = parts.Select(p => Path.Combine(folder, FileName(p))).Where(File.Exists);
        return new LibraryFiles(null)
        {
            Folder = folder,
            HasCuda = Has(folder, "torch_cuda"),
            Files = [.. files, Path.Combine(Path.GetFullPath(shim), FileName(Shim))],
        };
    }

    private static bool Has(string? folder, string library) => !string.IsNullOrEmpty(folder) && File.Exists(Path.Combine(folder, FileName(library)));

    private static string FileName(string library) => Prefix + library + Suffix;
}

/// <summary>The files to load, in order.</summary>
/// <param name="Problem">Why there are none, as part of a sentence; null where there are.</param>
internal sealed record LibraryFiles(string? Problem)
{
    /// <summary>libtorch's folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Whether the part for NVIDIA's cards is there.</summary>
    public bool HasCuda { get; init; }

    /// <summary>The files.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The file that is meant by a name without prefix or suffix; null for others' names.</summary>
    public string? Named(string name) =>
        Files.FirstOrDefault(f => Path.GetFileNameWithoutExtension(f) is { } file && (file == name || file == "lib" + name || Path.GetFileName(f) == name));
}

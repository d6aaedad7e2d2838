using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using TorchSharp;

namespace MLClassify.Engines.Torch.Loading;

/// <summary>
/// Finds and loads libtorch: in the folder that <c>MLCLASSIFY_LIBTORCH</c> names; else beside the program, where a package reference puts it;
/// else where the tool has installed it. It is loaded here first, file by file, so that what is missing is known by its name.
/// </summary>
internal static partial class TorchLibrary
{
    /// <summary>The variable that names a folder.</summary>
    public const string Variable = "MLCLASSIFY_LIBTORCH";

    /// <summary>The release that TorchSharp is made for.</summary>
    public const string Version = "2.10";

    private static readonly Lock Gate = new();

    private static bool _isTried;
    private static string? _problem;

    /// <summary>The folder that it was loaded from; null where it was not.</summary>
    public static string? Folder { get; private set; }

    /// <summary>Whether the library that was loaded has the part for NVIDIA's cards.</summary>
    public static bool HasCuda { get; private set; }

    /// <summary>Whether there is no library at all, and none was named.</summary>
    public static bool IsMissing => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)) && LibraryFolders.Find().Problem is not null;

    /// <summary>The handle of libtorch's main file; 0 where it was not loaded.</summary>
    public static nint Core { get; private set; }

    /// <summary>Loads the library, once for the process.</summary>
    /// <returns>Why it cannot be used, as part of a sentence; null where it can.</returns>
    public static string? Load()
    {
        lock (Gate)
        {
            if (!_isTried)
            {
                _problem = Try(LibraryFolders.Find());
                _isTried = true;
            }

            return _problem;
        }
    }

    /// <summary>The cards that the loaded library can use.</summary>
    public static int Cards()
    {
        lock (Gate)
        {
            return torch.TryInitializeDeviceType(DeviceType.CUDA) && torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        }
    }

    /// <summary>What a loader's message says is missing, as part of a sentence.</summary>
    /// <param name="file">The file that was loaded.</param>
    /// <param name="message">The message.</param>
    internal static string Explain(string file, string message)
    {
        if (VersionWanted().Match(message) is { Success: true } version)
        {
            string library = version.Groups[1].Value.StartsWith("GLIBCXX", StringComparison.Ordinal) || version.Groups[1].Value.StartsWith("CXXABI", StringComparison.Ordinal) ? "libstdc++" : "glibc";
            return $"this system's {library} is too old, libtorch {Version} wants {version.Groups[1].Value} (Debian 13 and Ubuntu 24.04 have it, Debian 12 does not)";
        }

        if (message.Contains("undefined symbol", StringComparison.Ordinal) || message.Contains("Symbol not found", StringComparison.Ordinal))
        {
            return $"the libtorch in {Path.GetDirectoryName(file)} is another release than {Version}, which this engine is made for";
        }

        return FileWanted().Match(message) is { Success: true } wanted && wanted.Groups[1].Value != Path.GetFileName(file)
            ? $"{Path.GetFileName(file)} needs {wanted.Groups[1].Value}, which is not on this system"
            : $"{file} cannot be loaded: {FirstLine(message)}";
    }

    private static string? Try(LibraryFiles found)
    {
        if (found.Problem is not null)
        {
            return found.Problem;
        }

        // With wider vectors oneDNN, which computes libtorch's convolutions on processors, is wrong on some of them where channels are no
        // multiple of 16 (AMD's, with release 2.10): no conformance test passes then. Graphics cards do not use it.
        NativeEnvironment.SetDefault("ONEDNN_MAX_CPU_ISA", "SSE41");

        // Threads that spin at every barrier wait for ever where another program has a core.
        NativeEnvironment.SetDefault("OMP_WAIT_POLICY", "PASSIVE");
        foreach (string file in found.Files)
        {
            try
            {
                if (NativeEnvironment.Bind(file) is { } unbound)
                {
                    return Explain(file, unbound);
                }

                nint handle = NativeLibrary.Load(file);
                Core = Path.GetFileName(file).Contains("torch_cpu", StringComparison.Ordinal) ? handle : Core;
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                return Explain(file, e.Message);
            }
        }

        // TorchSharp asks by name, and is answered from the folder where it finds nothing itself.
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            found.Named(name) is { } file && NativeLibrary.TryLoad(file, out nint handle) ? handle : 0;
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception e) when (e is TypeInitializationException or NotSupportedException or DllNotFoundException or EntryPointNotFoundException)
        {
            return $"TorchSharp cannot use the libtorch in {found.Folder}: {FirstLine((e.InnerException ?? e).Message)}";
        }

        (Folder, HasCuda) = (found.Folder, found.HasCuda);
        return null;
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();

    [GeneratedRegex(@"version [`']((?:GLIBC|GLIBCXX|CXXABI)_[0-9.]+)' not found")]
    private static partial Regex VersionWanted();

    [GeneratedRegex(@"(lib[A-Za-z0-9_+-]+\.so[0-9.]*): cannot open shared object file")]
    private static partial Regex FileWanted();
}

using System.Runtime.InteropServices;
using System.Text;

namespace MLClassify.Engines.Torch.Loading;

/// <summary>Asks NVIDIA's driver, without libtorch, what there is: so that what is missing has a name.</summary>
internal static unsafe class CudaDriver
{
    // The release that the packages of libtorch 2.10 are built for; a driver serves every release up to its own, and its own major.
    private const int LeastVersion = 12_000;

    private const int NoDevice = 100;
    private const int MajorOfComputeCapability = 75;
    private const int AmpereMajor = 8;

    private static readonly nint Library = Open();

    /// <summary>Why no card can be used, as part of a sentence; null where the driver has one.</summary>
    public static string? Problem()
    {
        if (OperatingSystem.IsMacOS())
        {
            return "NVIDIA's cards are not used on macOS";
        }

        if (Library == 0)
        {
            return "no NVIDIA driver is installed";
        }

        int version = 0;
        ((delegate* unmanaged<int*, int>)Export("cuDriverGetVersion"))(&version);
        return Problem(version, () => ((delegate* unmanaged<uint, int>)Export("cuInit"))(0));
    }

    /// <summary>What a driver's answers mean.</summary>
    /// <param name="version">The release of CUDA that it serves, as it numbers them.</param>
    /// <param name="start">Starts the driver and gives its status.</param>
    internal static string? Problem(int version, Func<int> start)
    {
        if (version < LeastVersion)
        {
            return FormattableString.Invariant($"the NVIDIA driver is too old: it serves CUDA {version / 1000}.{version % 1000 / 10}, and libtorch {TorchLibrary.Version} wants 12.0 or newer");
        }

        return start() switch
        {
            0 => null,
            NoDevice => "the NVIDIA driver finds no card",
            int status => FormattableString.Invariant($"the NVIDIA driver does not start (error {status})"),
        };
    }

    /// <summary>A card's name.</summary>
    /// <param name="index">Which.</param>
    public static string NameOf(int index)
    {
        int device = Get(index);
        byte* name = stackalloc byte[128];
        ((delegate* unmanaged<byte*, int, int, int>)Export("cuDeviceGetName"))(name, 127, device);
        return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
    }

    /// <summary>Whether a card computes with bfloat16: from Ampere on.</summary>
    /// <param name="index">Which.</param>
    public static bool HasBFloat16(int index)
    {
        int major = 0;
        ((delegate* unmanaged<int*, int, int, int>)Export("cuDeviceGetAttribute"))(&major, MajorOfComputeCapability, Get(index));
        return major >= AmpereMajor;
    }

    /// <summary>Tells cuBLAS to use workspaces of a fixed size, without which its results may vary; before its first use.</summary>
    public static void FixWorkspaces() => NativeEnvironment.SetDefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8");

    private static int Get(int index)
    {
        int device = 0;
        ((delegate* unmanaged<int*, int, int>)Export("cuDeviceGet"))(&device, index);
        return device;
    }

    private static nint Export(string name) => NativeLibrary.GetExport(Library, name);

    private static nint Open() => NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out nint library) ? library : 0;
}

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLClassify.Imaging.Resizing;

/// <summary>The implementations of the two passes; all give the same bytes.</summary>
internal enum ResamplePath
{
    Scalar,
    Vector128,
    Avx2,
}

internal static class ResamplePaths
{
    /// <summary>The fastest path that this machine can run.</summary>
    public static ResamplePath Best { get; } = Supported(ResamplePath.Avx2) ? ResamplePath.Avx2
        : Supported(ResamplePath.Vector128) ? ResamplePath.Vector128
        : ResamplePath.Scalar;

    public static bool Supported(ResamplePath path) => path switch
    {
        ResamplePath.Avx2 => Avx2.IsSupported,
        ResamplePath.Vector128 => Vector128.IsHardwareAccelerated,
        _ => true,
    };
}

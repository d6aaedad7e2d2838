using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLClassify.Engines.Cpu.Kernels.Simd;

/// <summary>Which vector widths this process can use.</summary>
internal static class SimdSupport
{
    /// <summary>The widest that the hardware runs.</summary>
    public static SimdLevel Best { get; } = Enum.GetValues<SimdLevel>().Where(IsSupported).Max();

    /// <summary>Whether the hardware runs a width.</summary>
    /// <param name="level">The width.</param>
    public static bool IsSupported(SimdLevel level) => level switch
    {
        SimdLevel.Scalar => true,
        SimdLevel.Vector128 => Vector128.IsHardwareAccelerated,
        SimdLevel.Vector256 => Vector256.IsHardwareAccelerated && Fma.IsSupported,
        SimdLevel.Vector512 => Vector512.IsHardwareAccelerated,
        _ => false,
    };
}

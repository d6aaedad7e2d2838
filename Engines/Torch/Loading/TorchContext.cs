using System.Runtime.InteropServices;

namespace MLClassify.Engines.Torch.Loading;

/// <summary>
/// Settings of libtorch for the whole process that TorchSharp does not bind: the C++ functions of <c>at::Context</c>, by their exported names,
/// which the release that TorchSharp is made for has.
/// </summary>
internal static unsafe class TorchContext
{
    private static readonly string[] Context = ["_ZN2at13globalContextEv", "?globalContext@at@@YAAEAVContext@1@XZ"];
    private static readonly string[] Algorithms = ["_ZN2at7Context26setDeterministicAlgorithmsEbb", "?setDeterministicAlgorithms@Context@at@@QEAAX_N0@Z"];
    private static readonly string[] CuDnn = ["_ZN2at7Context21setDeterministicCuDNNEb", "?setDeterministicCuDNN@Context@at@@QEAAX_N@Z"];
    private static readonly string[] Benchmark = ["_ZN2at7Context17setBenchmarkCuDNNEb", "?setBenchmarkCuDNN@Context@at@@QEAAX_N@Z"];

    private static readonly string[] Nnpack = ["_ZN2at7Context20setUserEnabledNNPACKEb", "?setUserEnabledNNPACK@Context@at@@QEAAX_N@Z"];

    /// <summary>Has libtorch use only algorithms that give the same bits every time and refuse what has none; or the fastest.</summary>
    /// <param name="isDeterministic">Which.</param>
    /// <returns>Whether this build of the library lets itself be told.</returns>
    public static bool Set(bool isDeterministic)
    {
        nint context = Find(Context);
        nint algorithms = Find(Algorithms);
        nint cuDnn = Find(CuDnn);
        nint benchmark = Find(Benchmark);
        if (context == 0 || algorithms == 0 || cuDnn == 0 || benchmark == 0)
        {
            return false;
        }

        nint self = ((delegate* unmanaged<nint>)context)();
        byte mode = isDeterministic ? (byte)1 : (byte)0;
        ((delegate* unmanaged<nint, byte, byte, void>)algorithms)(self, mode, 0);
        ((delegate* unmanaged<nint, byte, void>)cuDnn)(self, mode);
        ((delegate* unmanaged<nint, byte, void>)benchmark)(self, isDeterministic ? (byte)0 : (byte)1);
        return true;
    }

    /// <summary>Leaves out a library for phones' processors, of which libtorch would say at each convolution that it does not start on this one.</summary>
    public static void LeaveNnpackOut()
    {
        nint context = Find(Context);
        nint enabled = Find(Nnpack);
        if (context != 0 && enabled != 0)
        {
            ((delegate* unmanaged<nint, byte, void>)enabled)(((delegate* unmanaged<nint>)context)(), 0);
        }
    }

    private static nint Find(string[] names)
    {
        foreach (string name in names)
        {
            if (TorchLibrary.Core != 0 && NativeLibrary.TryGetExport(TorchLibrary.Core, name, out nint address))
            {
                return address;
            }
        }

        return 0;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MLClassify.Engines.Cpu.Kernels.Simd;

/// <summary>Hints to the caches, where the processor takes them.</summary>
internal static unsafe class CacheHint
{
    // 10 MiB: measured, on a processor whose shared cache has 32 MiB, between 6 MiB (ordinary stores win) and 12 (streaming ones do).
    private const long StreamingValues = 10 << 18;

    /// <summary>How far ahead a pass over a map asks for its values.</summary>
    public const int Ahead = 512;

    /// <summary>Asks for a line that is read soon.</summary>
    /// <param name="address">Any address in it; need not be readable.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>
    /// Whether a map's stores had better go past the caches: it would push everything else out and be gone itself before it is read, and
    /// an ordinary store reads each line before it writes it.
    /// </summary>
    /// <param name="data">The map.</param>
    /// <param name="stride">Values from one position to the next.</param>
    /// <param name="length">Values.</param>
    /// <param name="vectorWidth">Values of a vector: streaming stores must be aligned.</param>
    public static bool SuitsStreaming(float* data, int stride, long length, int vectorWidth) =>
        length >= StreamingValues && (nuint)data % ((nuint)vectorWidth * sizeof(float)) == 0 && stride % vectorWidth == 0;
}

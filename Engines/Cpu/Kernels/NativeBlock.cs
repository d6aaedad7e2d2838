using System.Runtime.InteropServices;

namespace MLClassify.Engines.Cpu.Kernels;

/// <summary>
/// Native memory for maps, filters and scratch. Linux is asked to back large blocks with 2 MiB pages: a step streams through gigabytes,
/// and with 4 KiB pages a good part of the time goes into translating addresses. Elsewhere, and where the kernel says no, nothing
/// happens: it is advice.
/// </summary>
internal static unsafe partial class NativeBlock
{
    private const nuint Alignment = 64;
    private const nuint HugePage = 2 << 20;

    // Blocks below this stay on ordinary pages.
    private const nuint SmallestLarge = 4 << 20;

    // Linux's MADV_HUGEPAGE, see madvise(2).
    private const int AdviseHugePage = 14;

    /// <summary>Allocates a block, aligned to 64 bytes, its content undefined.</summary>
    /// <param name="bytes">Its length.</param>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public static void* Allocate(nuint bytes)
    {
        bool large = bytes >= SmallestLarge;
        void* block = NativeMemory.AlignedAlloc(bytes, large ? HugePage : Alignment);
        if (large && OperatingSystem.IsLinux())
        {
            _ = MemoryAdvise(block, bytes, AdviseHugePage);
        }

        return block;
    }

    /// <summary>Frees a block.</summary>
    /// <param name="block">What <see cref="Allocate"/> returned, or null.</param>
    public static void Free(void* block) => NativeMemory.AlignedFree(block);

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int MemoryAdvise(void* address, nuint length, int advice);
}

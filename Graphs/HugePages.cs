using System.Runtime.InteropServices;

namespace MLClassify.Graphs;

/// <summary>
/// Asks Linux to back large blocks with 2 MiB pages. A step streams through gigabytes; with 4 KiB pages a good part of the time goes into
/// translating addresses. Elsewhere, and where the kernel says no, nothing happens: it is advice.
/// </summary>
internal static unsafe partial class HugePages
{
    /// <summary>Where a large block should begin.</summary>
    public const nuint Alignment = 2 << 20;

    /// <summary>Blocks below this stay on ordinary pages.</summary>
    public const nuint SmallestBlock = 4 << 20;

    // Linux's MADV_HUGEPAGE, see madvise(2).
    private const int AdviseHugePage = 14;

    /// <summary>Gives the advice for a block that begins at <see cref="Alignment"/>.</summary>
    public static void Advise(void* address, nuint length)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = MemoryAdvise(address, length, AdviseHugePage);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int MemoryAdvise(void* address, nuint length, int advice);
}

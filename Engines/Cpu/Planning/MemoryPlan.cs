namespace MLClassify.Engines.Cpu.Planning;

/// <summary>A block of the arena, alive from one step of the schedule to another.</summary>
internal sealed class BufferLifetime
{
    public BufferLifetime(long length, int time)
    {
        Length = length;
        First = time;
        Last = time;
    }

    public long Length { get; }

    public int First { get; private set; }

    public int Last { get; private set; }

    public long Offset { get; set; } = -1;

    /// <summary>Whether it holds the samples of one part of the batch at a time.</summary>
    public bool HoldsPart { get; set; }

    public void Use(int time)
    {
        First = Math.Min(First, time);
        Last = Math.Max(Last, time);
    }

    public bool LivesWith(BufferLifetime other) => First <= other.Last && other.First <= Last;
}

/// <summary>Places blocks in one arena so that blocks alive at once do not overlap: largest first, each at the lowest free place.</summary>
internal static class MemoryPlan
{
    // 64 bytes: a cache line, and the widest vector.
    private const long Alignment = 16;

    /// <summary>Sets every offset.</summary>
    /// <returns>The arena's length in values.</returns>
    public static long Assign(IEnumerable<BufferLifetime> storages)
    {
        var placed = new List<BufferLifetime>();
        long total = 0;
        foreach (BufferLifetime storage in storages.OrderByDescending(s => s.Length).ThenBy(s => s.First))
        {
            long offset = 0;
            foreach (BufferLifetime other in placed.Where(storage.LivesWith).OrderBy(o => o.Offset))
            {
                if (other.Offset >= offset + storage.Length)
                {
                    break;
                }

                offset = Math.Max(offset, RoundUp(other.Offset + other.Length));
            }

            storage.Offset = offset;
            placed.Add(storage);
            total = Math.Max(total, offset + storage.Length);
        }

        return total;
    }

    private static long RoundUp(long length) => (length + Alignment - 1) / Alignment * Alignment;
}

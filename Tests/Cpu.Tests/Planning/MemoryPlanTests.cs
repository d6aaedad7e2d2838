using FsCheck;
using FsCheck.Fluent;
using MLClassify.Engines.Cpu.Planning;
using Property = MLClassify.Testing.Property;

namespace MLClassify.Engines.Cpu.Tests.Planning;

public class MemoryPlanTests
{
    private static Gen<(int Length, int First, int Last)[]> Storages { get; } =
        (from length in Gen.Frequency((4, Gen.Choose(1, 300)), (1, Gen.Choose(1, 40).Select(n => n * 16)))
         from first in Gen.Choose(-1, 20)
         from duration in Gen.Choose(0, 12)
         select (length, first, first + duration)).ArrayOf();

    [Fact]
    public void Assign_AnyStorages_NoTwoAliveTogetherOverlap() => Property.Holds(Storages, values =>
    {
        BufferLifetime[] storages = [.. values.Select(Make)];
        long total = MemoryPlan.Assign(storages);
        for (int i = 0; i < storages.Length; i++)
        {
            BufferLifetime a = storages[i];
            Assert.InRange(a.Offset, 0, total - a.Length);
            Assert.Equal(0, a.Offset % 16);
            foreach (BufferLifetime b in storages[..i])
            {
                bool together = Enumerable.Range(-1, 40).Any(time => Alive(a, time) && Alive(b, time));
                Assert.False(together && a.Offset < b.Offset + b.Length && b.Offset < a.Offset + a.Length, "two storages overlap in time and place");
            }
        }
    });

    [Fact]
    public void Assign_AnyStorages_TakesNoMoreThanSideBySideAndNoLessThanTheFullestMoment() => Property.Holds(Storages, values =>
    {
        BufferLifetime[] storages = [.. values.Select(Make)];
        long total = MemoryPlan.Assign(storages);
        Assert.True(total <= storages.Sum(s => (s.Length + 15) / 16 * 16), "more than without sharing");
        for (int time = -1; time < 40; time++)
        {
            Assert.True(total >= storages.Where(s => Alive(s, time)).Sum(s => s.Length), $"too little at {time}");
        }
    });

    [Fact]
    public void Assign_Chain_SharesMemory()
    {
        // Each value is read by the next step alone: two places are enough.
        BufferLifetime[] storages = [.. Enumerable.Range(0, 10).Select(i => Make((64, i, i + 1)))];
        Assert.Equal(128, MemoryPlan.Assign(storages));
    }

    private static bool Alive(BufferLifetime storage, int time) => storage.First <= time && time <= storage.Last;

    private static BufferLifetime Make((int Length, int First, int Last) value)
    {
        var storage = new BufferLifetime(value.Length, value.First);
        storage.Use(value.Last);
        return storage;
    }
}

namespace MLClassify.Datasets.Tests;

public class CounterRandomTests
{
    // SplitMix64 as published, computed apart with Python's integers:
    // keys are absorbed as key = mix(key + next + increment), numbers are mix(counter += increment).
    [Fact]
    public void NextUInt64_KnownKeys_GivesKnownBits()
    {
        var random = new CounterRandom(42, 3, 7);

        Assert.Equal(
            [0x1739F2A1DE5F67F1UL, 0x4FBFC627DD4ABD51UL, 0x473FED05FBC3441FUL],
            new[] { random.NextUInt64(), random.NextUInt64(), random.NextUInt64() });
    }

    [Fact]
    public void CounterRandom_DifferentKeys_GivesDifferentStreams()
    {
        var first = new HashSet<ulong>();
        for (int seed = 0; seed < 10; seed++)
        {
            for (int epoch = 0; epoch < 10; epoch++)
            {
                for (int index = 0; index < 100; index++)
                {
                    first.Add(new CounterRandom(seed, epoch, index).NextUInt64());
                }
            }
        }

        Assert.Equal(10_000, first.Count);
    }

    [Fact]
    public void NextDouble_ManyDraws_IsUniform()
    {
        var random = new CounterRandom(1);
        const int Draws = 100_000;
        int[] bins = new int[10];
        for (int i = 0; i < Draws; i++)
        {
            bins[(int)(random.NextDouble() * 10)]++;
        }

        // A bin's deviation is sqrt(n p (1 - p)) = 95; five of them.
        Assert.All(bins, count => Assert.InRange(count, 10_000 - 475, 10_000 + 475));
    }

    [Fact]
    public void NextInt_ManyDraws_ReachesEveryValueEqually()
    {
        var random = new CounterRandom(2);
        int[] bins = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            bins[random.NextInt(7)]++;
        }

        Assert.All(bins, count => Assert.InRange(count, 10_000 - 465, 10_000 + 465));
    }

    [Fact]
    public void NextInt_LimitBelowOne_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new CounterRandom(1).NextInt(0));

    [Fact]
    public void Shuffle_ThreeItems_ReachesEveryOrderEqually()
    {
        var random = new CounterRandom(3);
        var orders = new Dictionary<string, int>();
        for (int i = 0; i < 60_000; i++)
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle<char>(items);
            string order = new(items);
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(6, orders.Count);
        Assert.All(orders.Values, count => Assert.InRange(count, 10_000 - 460, 10_000 + 460));
    }
}

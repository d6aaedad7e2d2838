namespace MLClassify.Common.Tests;

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

    // Written down from the two generators that were here before this one; seeds must keep their numbers.
    public static TheoryData<CounterRandom, ulong[]> Streams { get; } = new()
    {
        { new CounterRandom(0), [0x2130748AAAC80268, 0x0CC78FB979CE5090, 0xAB9AA3DAFBA6B4AC] },
        { new CounterRandom(11), [0x9EAB99D4522F4B65, 0x110F38B9F8DBF40F, 0xEBF8855B24B0A8D2] },
        { new CounterRandom(-5, 2, -1), [0xAC0B03E1710813F3, 0x6CA6016753EEFC85, 0xD23635D555FD0358] },
        { new CounterRandom(long.MaxValue, long.MinValue, -2), [0x29802BBAA4F8E0BA, 0x2E53FC3C7E320489, 0x22DF0ABB3349BA9A] },
        { new CounterRandom(42, "conv1.weight"), [0x0B688DD0F9CFF813, 0x12EF524C2DF28313, 0x3DF8596743D9F531] },
        { new CounterRandom(0, ""), [0xA706DD2F4D197E6F, 0xB382A305F4414F5E, 0x631A9154FBABF717] },
        { new CounterRandom(ulong.MaxValue, "\u00e9\u6f22"), [0x45103525609D649A, 0x625D342ADB965E95, 0x20D2AFEF8C991B7E] },
        { CounterRandom.FromCounter(0), [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F] },
        { CounterRandom.FromCounter(11), [0x50F5647D2380309D, 0x432A5CD27A6B13A1, 0xA356BE306E9B126D] },
        { CounterRandom.FromCounter(ulong.MaxValue), [0xE4D971771B652C20, 0xE99FF867DBF682C9, 0x382FF84CB27281E9] },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void NextUInt64_EveryKindOfKey_GivesTheBitsOfBefore(CounterRandom random, ulong[] expected) =>
        Assert.Equal(expected, new[] { random.NextUInt64(), random.NextUInt64(), random.NextUInt64() });

    [Fact]
    public void Mix_KnownNumbers_GivesTheBitsOfBefore() => Assert.Equal(
        [0UL, 0x5692161D100B05E5, 0x9629F58E8EC5B906],
        new[] { CounterRandom.Mix(0), CounterRandom.Mix(1), CounterRandom.Mix(0x123456789ABCDEF0) });

    [Fact]
    public void Next_EveryDistribution_GivesTheNumbersOfBefore()
    {
        var random = new CounterRandom(7, 1);
        Assert.Equal(0.46943688501955017, random.NextDouble());
        Assert.Equal(2.0973092185825175, random.NextDouble(-2, 3));
        Assert.Equal(8, random.NextInt(10));
        Assert.Equal(329553901, random.NextInt(int.MaxValue));
        Assert.Equal(0, random.NextInt(1));
        int[] items = [.. Enumerable.Range(0, 10)];
        random.Shuffle<int>(items);
        Assert.Equal([9, 6, 7, 2, 4, 8, 3, 0, 1, 5], items);
    }

    [Fact]
    public void NextGaussian_KnownKeys_GivesTheNumbersOfBefore()
    {
        var random = new CounterRandom(7, "dropout");
        Assert.Equal(1.4127345265828768, random.NextGaussian());
        Assert.Equal(-0.027259102664919124, random.NextGaussian());
        Assert.Equal(0.06376247404968638, random.NextDouble());
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

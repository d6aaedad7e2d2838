namespace MLClassify.Common;

/// <summary>
/// A stream of random numbers that is a pure function of its keys, such as (seed, epoch, image) or (seed, parameter name): the same on
/// any machine, and independent of which thread asks first. SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014) over a counter that starts at a hash of the keys. Not for secrets.
/// </summary>
public struct CounterRandom
{
    private const ulong Increment = 0x9E3779B97F4A7C15;

    private ulong _counter;

    /// <summary>Starts the stream of numeric keys.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">What the numbers are for, such as the epoch.</param>
    /// <param name="substream">A part of it, such as the image's index.</param>
    public CounterRandom(long seed, long stream = 0, long substream = 0)
    {
        ulong key = Mix(unchecked((ulong)seed + Increment));
        key = Mix(unchecked(key + (ulong)stream + Increment));
        _counter = Mix(unchecked(key + (ulong)substream + Increment));
    }

    /// <summary>Starts the stream of a seed and a name.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="name">What the stream is for, such as a parameter's name.</param>
    internal CounterRandom(ulong seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _counter = Mix(unchecked(seed + Increment));
        foreach (char c in name)
        {
            _counter = Mix(_counter ^ c);
        }
    }

    private CounterRandom(ulong counter) => _counter = counter;

    /// <summary>
    /// Starts a stream at a counter, without hashing it: SplitMix64 as published. Streams of neighboring counters overlap; for streams
    /// that belong to keys use a constructor.
    /// </summary>
    /// <param name="counter">The counter's first value.</param>
    internal static CounterRandom FromCounter(ulong counter) => new(counter);

    /// <summary>The mixing function: a bijection of 64-bit numbers in which every input bit reaches every output bit.</summary>
    /// <param name="value">The input.</param>
    internal static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        _counter = unchecked(_counter + Increment);
        return Mix(_counter);
    }

    /// <summary>The next number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The next number in [<paramref name="minimum"/>, <paramref name="maximum"/>).</summary>
    /// <param name="minimum">The lower end.</param>
    /// <param name="maximum">The upper end.</param>
    public double NextDouble(double minimum, double maximum) => minimum + (NextDouble() * (maximum - minimum));

    /// <summary>The next number of a normal distribution of mean 0 and deviation 1 (Box and Muller, 1958); takes two uniform ones.</summary>
    public double NextGaussian()
    {
        // In (0, 1]: the logarithm stays finite.
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>The next integer in [0, <paramref name="limit"/>), each equally likely.</summary>
    /// <param name="limit">One past the largest, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public int NextInt(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);

        // Lemire, "Fast random integer generation in an interval", 2019: the high half of a product, rejecting the few low halves
        // that would make some integers likelier.
        ulong range = (ulong)limit;
        ulong high = Math.BigMul(NextUInt64(), range, out ulong low);
        if (low < range)
        {
            ulong threshold = unchecked(0 - range) % range;
            while (low < threshold)
            {
                high = Math.BigMul(NextUInt64(), range, out low);
            }
        }

        return (int)high;
    }

    /// <summary>Shuffles in place, every order equally likely (Fisher-Yates).</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="items">The items.</param>
    internal void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}

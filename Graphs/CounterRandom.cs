namespace MLClassify.Graphs;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): a counter and a mixing function, so that a stream is named by its seed alone and is the same on
/// every machine.
/// </summary>
public struct CounterRandom
{
    private const ulong Increment = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">Names the stream.</param>
    public CounterRandom(ulong seed) => _state = seed;

    /// <summary>Starts a stream that belongs to a seed and a name.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="name">What the stream is for.</param>
    public CounterRandom(ulong seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _state = Mix(seed + Increment);
        foreach (char c in name)
        {
            _state = Mix(_state ^ c);
        }
    }

    /// <summary>The mixing function: a bijection of 64-bit numbers in which every input bit reaches every output bit.</summary>
    /// <param name="value">The input.</param>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64() => Mix(_state += Increment);

    /// <summary>Uniform in <c>[0, 1)</c>, 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Standard normal, by Box and Muller's method.</summary>
    public double NextGaussian()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }
}

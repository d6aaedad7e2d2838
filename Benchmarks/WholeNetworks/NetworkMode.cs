namespace MLClassify.Benchmarks.WholeNetworks;

/// <summary>What is done with a network.</summary>
internal enum NetworkMode
{
    /// <summary>Forward, cross-entropy, backward, and an update of every parameter by SGD with momentum 0.9.</summary>
    Train,

    /// <summary>Forward, to the logits, with everything folded that can be.</summary>
    Infer,

    /// <summary>Forward, to what the head reads: what head-only training computes once for every image.</summary>
    Frozen,
}

/// <summary>The modes by name.</summary>
internal static class NetworkModes
{
    private static readonly (string Name, NetworkMode Mode)[] Table = [("train", NetworkMode.Train), ("infer", NetworkMode.Infer), ("frozen", NetworkMode.Frozen)];

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Table.Select(row => row.Name);

    /// <summary>A mode by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static NetworkMode Parse(string name) => Table.Single(row => row.Name == name).Mode;
}

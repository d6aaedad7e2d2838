namespace MLClassify.Engines.Cpu.Kernels;

/// <summary>A map's place in memory: positions lie <see cref="Stride"/> values apart.</summary>
internal readonly unsafe struct MapPointer
{
    /// <summary>Names a place.</summary>
    /// <param name="data">The first value, or null for no map.</param>
    /// <param name="stride">Values from one position to the next.</param>
    public MapPointer(float* data, int stride)
    {
        Data = data;
        Stride = stride;
    }

    /// <summary>The first value, or null for no map.</summary>
    public float* Data { get; }

    /// <summary>Values from one position to the next.</summary>
    public int Stride { get; }
}

namespace MLClassify.Imaging.Encoding;

/// <summary>One component's quantized blocks, padded to whole minimum coded units.</summary>
internal sealed class JpegPlane
{
    public JpegPlane(int sampling, int blocksWide, int blocksHigh)
    {
        Sampling = sampling;
        BlocksWide = blocksWide;
        BlocksHigh = blocksHigh;
        Coefficients = new short[blocksWide * blocksHigh * 64];
    }

    /// <summary>Blocks a side in a minimum coded unit: 2 for the brightness of 4:2:0, else 1.</summary>
    public int Sampling { get; }

    public int BlocksWide { get; }

    public int BlocksHigh { get; }

    /// <summary>64 coefficients a block in zigzag order, blocks in rows.</summary>
    public short[] Coefficients { get; }

    public Span<short> Block(int row, int column) => Coefficients.AsSpan(((row * BlocksWide) + column) * 64, 64);
}

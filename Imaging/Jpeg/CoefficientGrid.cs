namespace MLClassify.Imaging.Jpeg;

/// <summary>Quantized coefficients of one component: rows of blocks, each block 64 values row by row.</summary>
internal sealed unsafe class CoefficientGrid : IDisposable
{
    private readonly PooledBuffer<short> _buffer;

    /// <param name="blocksWide">Blocks in a row.</param>
    /// <param name="blocksHigh">Rows of blocks.</param>
    public CoefficientGrid(int blocksWide, int blocksHigh)
    {
        BlocksWide = blocksWide;
        _buffer = new PooledBuffer<short>(checked(blocksWide * blocksHigh * InverseDct.BlockSize));
        Clear();
    }

    /// <summary>Blocks in a row.</summary>
    public int BlocksWide { get; }

    /// <summary>The first block of a row.</summary>
    public short* Row(int blockRow) => _buffer.Pointer + ((nint)blockRow * BlocksWide * InverseDct.BlockSize);

    public void Clear() => _buffer.Span.Clear();

    public void Dispose() => _buffer.Dispose();
}

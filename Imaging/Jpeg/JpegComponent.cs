namespace MLClassify.Imaging.Jpeg;

/// <summary>One color component of a frame (T.81 section A.1), with its size in samples and blocks.</summary>
internal sealed class JpegComponent
{
    /// <summary>Position in the frame header, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The identifier that scans refer to.</summary>
    public required byte Id { get; init; }

    /// <summary>Horizontal sampling factor, 1 to 4.</summary>
    public required int H { get; init; }

    /// <summary>Vertical sampling factor, 1 to 4.</summary>
    public required int V { get; init; }

    /// <summary>Which of the four quantization tables applies.</summary>
    public required int QuantizationIndex { get; init; }

    /// <summary>Samples in a row that belong to the image.</summary>
    public int SampleWidth { get; private set; }

    /// <summary>Rows of samples that belong to the image.</summary>
    public int SampleHeight { get; private set; }

    /// <summary>Blocks that cover <see cref="SampleWidth"/>: what a scan of this component alone holds.</summary>
    public int BlocksWide { get; private set; }

    /// <summary>Block rows that cover <see cref="SampleHeight"/>.</summary>
    public int BlocksHigh { get; private set; }

    /// <summary>Blocks in a row including the filling of the last MCU: what an interleaved scan holds.</summary>
    public int PaddedBlocksWide { get; private set; }

    /// <summary>Block rows including the filling of the last MCU row.</summary>
    public int PaddedBlocksHigh { get; private set; }

    /// <summary>The table that was in force when the component's first scan began, row by row; null before.</summary>
    public ushort[]? Quantization { get; set; }

    public void SetSize(int width, int height, int maxH, int maxV)
    {
        int mcusWide = CeilingDivide(width, maxH * 8);
        int mcusHigh = CeilingDivide(height, maxV * 8);
        SampleWidth = CeilingDivide(width * H, maxH);
        SampleHeight = CeilingDivide(height * V, maxV);
        BlocksWide = CeilingDivide(SampleWidth, 8);
        BlocksHigh = CeilingDivide(SampleHeight, 8);
        PaddedBlocksWide = mcusWide * H;
        PaddedBlocksHigh = mcusHigh * V;
    }

    private static int CeilingDivide(int value, int divisor) => (value + divisor - 1) / divisor;
}

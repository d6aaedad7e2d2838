namespace MLClassify.Imaging.Jpeg;

/// <summary>A component's part in a scan: its Huffman tables, ready for use.</summary>
internal readonly record struct ScanComponent(JpegComponent Component, HuffmanTable? Dc, HuffmanTable? Ac);

/// <summary>A scan header (T.81 section B.2.3).</summary>
internal sealed class ScanHeader
{
    public required ScanComponent[] Components { get; init; }

    /// <summary>First coefficient of the band (Ss), in zigzag order.</summary>
    public required int SpectralStart { get; init; }

    /// <summary>Last coefficient of the band (Se).</summary>
    public required int SpectralEnd { get; init; }

    /// <summary>Bit position of the previous pass (Ah); 0 in a first pass.</summary>
    public required int SuccessiveHigh { get; init; }

    /// <summary>Bit position of this pass (Al).</summary>
    public required int SuccessiveLow { get; init; }

    /// <summary>MCUs between restart markers; 0 for none.</summary>
    public required int RestartInterval { get; init; }

    /// <summary>Where the entropy-coded data begin.</summary>
    public required int DataOffset { get; init; }
}

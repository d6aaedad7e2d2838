namespace MLClassify.Engines.Cpu.Kernels.Convolution.Winograd;

/// <summary>How large the outputs and the filters of a tile are, along one axis; their sum is always seven, so six points serve every rule.</summary>
internal interface IWinogradRule
{
    /// <summary>Outputs of a tile along one axis.</summary>
    static abstract int Outputs { get; }

    /// <summary>The filter's length along one axis.</summary>
    static abstract int Kernel { get; }
}

/// <summary>F(4 x 4, 3 x 3): 36 products instead of 144.</summary>
internal readonly struct FourByThree : IWinogradRule
{
    public static int Outputs => 4;

    public static int Kernel => 3;
}

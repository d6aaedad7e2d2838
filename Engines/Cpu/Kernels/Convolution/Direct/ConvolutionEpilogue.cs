namespace MLClassify.Engines.Cpu.Kernels.Convolution.Direct;

/// <summary>What a convolution does with its sums before it writes them.</summary>
internal readonly unsafe struct ConvolutionEpilogue
{
    /// <summary>The bias, <c>[output channels]</c>, readable for a vector past its end; or null.</summary>
    public float* Bias { get; init; }

    /// <summary>A summand of the output's shape, or none.</summary>
    public MapPointer Residual { get; init; }

    /// <summary>Whether the result is rectified.</summary>
    public bool Rectify { get; init; }

    /// <summary>ReLU's upper bound.</summary>
    public float Ceiling { get; init; }
}

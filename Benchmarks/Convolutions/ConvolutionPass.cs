namespace MLClassify.Benchmarks.Convolutions;

/// <summary>The three things that training does with a convolution; each is as many multiply-adds as the others.</summary>
internal enum ConvolutionPass
{
    /// <summary>The output.</summary>
    Forward,

    /// <summary>The input's gradient.</summary>
    InputGradient,

    /// <summary>The filters' gradient.</summary>
    WeightGradient,
}

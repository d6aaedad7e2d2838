namespace MLClassify.Engines.Cpu.Devices;

/// <summary>Batch normalization's parameters and saved statistics.</summary>
internal unsafe struct BatchNormArguments
{
    /// <summary>The factor, <c>[C]</c>.</summary>
    public float* Scale { get; init; }

    /// <summary>The offset, <c>[C]</c>.</summary>
    public float* Shift { get; init; }

    /// <summary>Running mean, <c>[C]</c>.</summary>
    public float* RunningMean { get; init; }

    /// <summary>Running variance, <c>[C]</c>.</summary>
    public float* RunningVariance { get; init; }

    /// <summary>Mean and inverse standard deviation of the forward pass, <c>[2, C]</c>.</summary>
    public float* Saved { get; init; }

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; init; }

    /// <summary>The new batch's share in the running statistics.</summary>
    public float Momentum { get; init; }

    /// <summary>Whether the batch's own statistics are used, and the running ones moved.</summary>
    public bool UseBatchStatistics { get; init; }

    /// <summary>Whether a summand is added before ReLU.</summary>
    public bool AddsResidual { get; init; }

    /// <summary>ReLU's upper bound, or null without ReLU.</summary>
    public float? ReluMax { get; init; }
}

using MLClassify.Engines.Cpu.Memory;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Sessions;

/// <summary>How a training session runs.</summary>
internal sealed class GradientSessionOptions
{
    /// <summary>The largest batch. Default 32; at least 1.</summary>
    public int MaxBatch { get; init; } = 32;

    /// <summary>Seed for dropout and other random operations. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>The share of the target spread evenly over all classes. Default 0; in [0, 1).</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>Which parameters get gradients; every trainable one when null.</summary>
    public Func<Parameter, bool>? Trainable { get; init; }

    /// <summary>Whether batch normalization uses its running statistics and leaves them alone. Default false.</summary>
    public bool FreezeBatchNormStatistics { get; init; }

    /// <summary>Whether concatenations copy what else is written in place, so that tests can compare. Default false.</summary>
    internal bool CopyConcatenated { get; init; }
}

/// <summary>What a training step found.</summary>
/// <param name="LossSum">The sum of the samples' losses.</param>
/// <param name="Correct">How many had their largest logit at the true class.</param>
internal readonly record struct StepResult(double LossSum, int Correct);

/// <summary>A parameter under training.</summary>
/// <param name="Parameter">The declaration.</param>
/// <param name="Value">Its values, packed.</param>
/// <param name="Gradient">Its gradient of the last step, packed likewise.</param>
internal sealed record TrainedParameter(Parameter Parameter, Tensor Value, Tensor Gradient);

using MLClassify.Graphs;

namespace MLClassify.Engines;

/// <summary>A training configuration as data, which an engine carries out with its own arithmetic.</summary>
internal sealed record TrainingSpec
{
    /// <summary>The trained parameters with their rates; a parameter of the graph that is in no group keeps its values.</summary>
    public required IReadOnlyList<ParameterGroup> Groups { get; init; }

    /// <summary>The optimizer.</summary>
    public required OptimizerSpec Optimizer { get; init; }

    /// <summary>The loss. Default: <see cref="SoftmaxCrossEntropy"/> without label smoothing.</summary>
    public LossSpec Loss { get; init; } = new SoftmaxCrossEntropy();

    /// <summary>The largest batch. Default 32; at least 1.</summary>
    public int MaxBatch { get; init; } = 32;

    /// <summary>The most batches whose gradients make one step. Default 1; at least 1.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>The largest norm of the mean gradient; a larger one is scaled down to it. Default 0: no limit.</summary>
    public double ClipNorm { get; init; }

    /// <summary>Seed for dropout and other random operations. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether batch normalization uses its running statistics and leaves them alone. Default false.</summary>
    public bool FreezeBatchNormStatistics { get; init; }

    /// <summary>Checks the ranges and that no parameter is in two groups.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range, or a parameter is in two groups or not trainable.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Groups);
        ArgumentNullException.ThrowIfNull(Optimizer);
        ArgumentNullException.ThrowIfNull(Loss);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(AccumulationSteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ClipNorm);
        Loss.Validate();
        Optimizer.Validate();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ParameterGroup group in Groups)
        {
            CheckRate(group.LearningRate, group.Name, "learning rate");
            CheckRate(group.WeightDecay, group.Name, "weight decay");
            foreach (Parameter parameter in group.Parameters)
            {
                if (!parameter.IsTrainable)
                {
                    throw new ArgumentException($"The parameter '{parameter.Name}' is a statistic and cannot be trained.");
                }

                if (!names.Add(parameter.Name))
                {
                    throw new ArgumentException($"The parameter '{parameter.Name}' is given twice.");
                }
            }
        }

        if (names.Count == 0)
        {
            throw new ArgumentException("No parameter is trained.");
        }
    }

    private static void CheckRate(double value, string group, string what)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new ArgumentException(FormattableString.Invariant($"The {what} of the group '{group}' is {value}; it must be a number of at least 0."));
        }
    }
}

/// <summary>Parameters that share their rates.</summary>
/// <param name="Name">What they are, for messages: such as <c>backbone</c>.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="LearningRate">The learning rate where the schedule's factor is 1; at least 0.</param>
/// <param name="WeightDecay">The weight decay; at least 0.</param>
internal sealed record ParameterGroup(string Name, IReadOnlyList<Parameter> Parameters, double LearningRate, double WeightDecay);

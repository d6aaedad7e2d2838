namespace MLClassify.Graphs.Operators;

/// <summary>
/// Batch normalisation over N, H, W for each channel (Ioffe and Szegedy 2015, arXiv:1502.03167), <c>[N, H, W, C]</c> to the same.
/// Parameters: scale, shift, running mean, running variance. Training uses the batch's mean and biased variance, and moves the running
/// statistics by <paramref name="Momentum"/> towards the batch's mean and unbiased variance, as PyTorch does.
/// </summary>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Momentum">The new batch's share in the running statistics.</param>
public sealed record BatchNormOperator(float Epsilon, float Momentum) : Operator
{
    /// <inheritdoc/>
    public override string Name => "BatchNorm";

    /// <inheritdoc/>
    public override string OnnxName => "BatchNormalization";

    /// <inheritdoc/>
    public override bool GradientNeedsInput(int input) => true;

    /// <inheritdoc/>
    public override bool CanOverwriteInput(int input) => true;

    /// <inheritdoc/>
    public override bool GradientCanOverwrite(int input) => true;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs) => Only(node, inputs);

    /// <summary>The batch's mean and the inverse of its standard deviation, a value each a channel.</summary>
    /// <inheritdoc/>
    public override long AuxiliaryLength(IReadOnlyList<Shape> inputs, Shape output, int batch) => 2L * output.Channels;

    /// <inheritdoc/>
    public override unsafe void Forward(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        bool batchStatistics = context.Training && !context.RunningStatistics;
        context.Device.BatchNorm(new BatchNormArguments
        {
            Scale = context.Parameters[0].Data,
            Shift = context.Parameters[1].Data,
            RunningMean = context.Parameters[2].Data,
            RunningVariance = context.Parameters[3].Data,
            Saved = context.Auxiliary,
            Epsilon = Epsilon,
            Momentum = Momentum,
            UseBatchStatistics = batchStatistics,
        }, context.Inputs[0], context.Output);
    }

    /// <inheritdoc/>
    public override unsafe void Backward(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Device.BatchNormGradient(new BatchNormArguments
        {
            Scale = context.Parameters[0].Data,
            Shift = context.Parameters[1].Data,
            RunningMean = context.Parameters[2].Data,
            RunningVariance = context.Parameters[3].Data,
            Saved = context.Auxiliary,
            Epsilon = Epsilon,
            Momentum = Momentum,
            UseBatchStatistics = !context.RunningStatistics,
        }, context.Inputs[0], context.OutputGradient, context.InputGradients[0], context.ParameterGradientOrAbsent(0), context.ParameterGradientOrAbsent(1));
    }
}

/// <summary>Batch normalisation's parameters and saved statistics.</summary>
public unsafe struct BatchNormArguments
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
}

using MLClassify.Graphs.Descriptions;

namespace MLClassify.Graphs.Operators;

/// <summary>
/// Batch normalisation over N, H, W for each channel (Ioffe and Szegedy 2015, arXiv:1502.03167), <c>[N, H, W, C]</c> to the same.
/// Parameters: scale, shift, running mean, running variance. Training uses the batch's mean and biased variance, and moves the running
/// statistics by <paramref name="Momentum"/> towards the batch's mean and unbiased variance, as PyTorch does. After fusion it also adds a
/// second input and rectifies.
/// </summary>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Momentum">The new batch's share in the running statistics.</param>
public sealed record BatchNormOperator(float Epsilon, float Momentum) : Operator
{
    internal const string KindName = "batch_norm";

    /// <inheritdoc/>
    public override string Name => "BatchNorm";

    /// <inheritdoc/>
    public override string OnnxName => "BatchNormalization";

    internal override string Kind => KindName;

    /// <summary>Fused: the largest output of a rectifier that follows, infinity for a plain one, null for none.</summary>
    public float? ReluCeiling { get; init; }

    /// <summary>Fused: whether a second input is added before the rectifier.</summary>
    public bool AddsResidual { get; init; }

    /// <inheritdoc/>
    public override bool GradientNeedsOutput => AddsResidual && ReluCeiling is not null;

    /// <inheritdoc/>
    public override bool GradientNeedsInput(int input) => input == 0;

    /// <inheritdoc/>
    public override bool CanOverwriteInput(int input) => true;

    /// <summary>One of the two gradients may: the summand's, where there is one.</summary>
    /// <inheritdoc/>
    public override bool GradientCanOverwrite(int input) => input == (AddsResidual ? 1 : 0);

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Require(node, inputs, AddsResidual ? 2 : 1);
        return !AddsResidual || inputs[1] == inputs[0] ? inputs[0] : throw new ShapeException(Name, node, $"a summand of {inputs[0]}", inputs[1].ToString());
    }

    /// <summary>The batch's mean and the inverse of its standard deviation, a value each a channel.</summary>
    /// <inheritdoc/>
    public override long AuxiliaryLength(IReadOnlyList<Shape> inputs, Shape output, int batch) => 2L * output.Channels;

    internal static BatchNormOperator Read(OperatorAttributes attributes) =>
        new(attributes.Number("epsilon", 0), attributes.Number("momentum", 0, 1));

    internal override void Write(OperatorAttributes attributes)
    {
        attributes.Write("epsilon", Epsilon);
        attributes.Write("momentum", Momentum);
    }

    internal override IReadOnlyList<ParameterNeed> ParametersFor(IReadOnlyList<Shape> inputs)
    {
        int[] channels = [inputs[0].Channels];
        return
        [
            new(ParameterRole.NormScale, channels), new(ParameterRole.NormShift, channels),
            new(ParameterRole.RunningMean, channels), new(ParameterRole.RunningVariance, channels),
        ];
    }

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        OnnxAttribute[] attributes = [new("epsilon", Epsilon), new("momentum", 1 - Momentum)];
        if (!AddsResidual && emitter.Node.Shape.IsVector && !emitter.Input(0).IsMap)
        {
            string vector = emitter.Emit(OnnxName, [emitter.Vector(0), .. emitter.Parameters()], attributes);
            emitter.Result(new OnnxValue(emitter.EmitRelu(vector, ReluCeiling), IsMap: false));
            return;
        }

        string y = emitter.Emit(OnnxName, [emitter.Map(0), .. emitter.Parameters()], attributes);
        y = AddsResidual ? emitter.Emit("Add", [y, emitter.Map(1)]) : y;
        emitter.MapResult(emitter.EmitRelu(y, ReluCeiling));
    }

    /// <inheritdoc/>
    public override void Forward(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        TensorView residual = AddsResidual ? context.Inputs[1] : default;
        context.Device.BatchNorm(Arguments(context, context.Training && !context.RunningStatistics), context.Inputs[0], residual, context.Output);
    }

    /// <inheritdoc/>
    public override void Backward(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Device.BatchNormGradient(
            Arguments(context, !context.RunningStatistics),
            context.Inputs[0],
            context.Output,
            context.OutputGradient,
            context.InputGradients[0],
            AddsResidual ? context.InputGradients[1] : default,
            context.ParameterGradientOrAbsent(0),
            context.ParameterGradientOrAbsent(1));
    }

    private unsafe BatchNormArguments Arguments(OperatorContext context, bool batchStatistics) => new()
    {
        Scale = context.Parameters[0].Data,
        Shift = context.Parameters[1].Data,
        RunningMean = context.Parameters[2].Data,
        RunningVariance = context.Parameters[3].Data,
        Saved = context.Auxiliary,
        Epsilon = Epsilon,
        Momentum = Momentum,
        UseBatchStatistics = batchStatistics,
        AddsResidual = AddsResidual,
        ReluCeiling = ReluCeiling,
    };
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

    /// <summary>Whether a summand is added before the rectifier.</summary>
    public bool AddsResidual { get; init; }

    /// <summary>The largest output of a rectifier, or null for none.</summary>
    public float? ReluCeiling { get; init; }
}

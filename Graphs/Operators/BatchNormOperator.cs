namespace MLClassify.Graphs.Operators;

/// <summary>
/// Batch normalization over N, H, W for each channel (Ioffe and Szegedy 2015, arXiv:1502.03167), <c>[N, H, W, C]</c> to the same.
/// Parameters: scale, shift, running mean, running variance. Training uses the batch's mean and biased variance, and moves the running
/// statistics by <paramref name="Momentum"/> towards the batch's mean and unbiased variance, as PyTorch does. After fusion it also adds a
/// second input and rectifies.
/// </summary>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Momentum">The new batch's share in the running statistics.</param>
internal sealed record BatchNormOperator(float Epsilon, float Momentum) : Operator
{
    internal const string KindName = "batch_norm";

    /// <inheritdoc/>
    public override string Name => "BatchNorm";

    /// <inheritdoc/>
    public override string OnnxName => "BatchNormalization";

    internal override string Kind => KindName;

    /// <summary>Fused: the upper bound of the ReLU that follows: infinity for a plain one, null without one.</summary>
    public float? ReluMax { get; init; }

    /// <summary>Fused: whether a second input is added before ReLU.</summary>
    public bool AddsResidual { get; init; }

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Require(node, inputs, AddsResidual ? 2 : 1);
        return !AddsResidual || inputs[1] == inputs[0] ? inputs[0] : throw new ShapeException(Name, node, $"a summand of {inputs[0]}", inputs[1].ToString());
    }

    internal static BatchNormOperator Read(OperatorAttributes attributes) =>
        new(attributes.Number("epsilon", 0), attributes.Number("momentum", 0, 1));

    internal override void Write(OperatorAttributes attributes)
    {
        attributes.Write("epsilon", Epsilon);
        attributes.Write("momentum", Momentum);
    }

    internal override IReadOnlyList<ParameterSpec> ParametersFor(IReadOnlyList<Shape> inputs)
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
        if (!AddsResidual && emitter.OutputShape.IsVector && !emitter.Input(0).IsMap)
        {
            string vector = emitter.Emit(OnnxName, [emitter.Vector(0), .. emitter.Parameters()], attributes);
            emitter.Result(new OnnxValue(emitter.EmitRelu(vector, ReluMax), IsMap: false));
            return;
        }

        string y = emitter.Emit(OnnxName, [emitter.Map(0), .. emitter.Parameters()], attributes);
        y = AddsResidual ? emitter.Emit("Add", [y, emitter.Map(1)]) : y;
        emitter.MapResult(emitter.EmitRelu(y, ReluMax));
    }
}

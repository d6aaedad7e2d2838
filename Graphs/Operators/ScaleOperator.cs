namespace MLClassify.Graphs.Operators;

/// <summary>A map times one factor per sample and channel, <c>[N, H, W, C]</c> by <c>[N, 1, 1, C]</c> to <c>[N, H, W, C]</c> (squeeze-and-excitation).</summary>
internal sealed record ScaleOperator : Operator
{
    internal const string KindName = "scale";

    /// <inheritdoc/>
    public override string Name => "Scale";

    /// <inheritdoc/>
    public override string OnnxName => "Mul";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Require(node, inputs, 2);
        return inputs[1] == Shape.Vector(inputs[0].Channels)
            ? inputs[0]
            : throw new ShapeException(Name, node, $"factors of {Shape.Vector(inputs[0].Channels)}", inputs[1].ToString());
    }

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        emitter.MapResult(emitter.Emit(OnnxName, [emitter.Map(0), emitter.Map(1)]));
    }
}

namespace MLClassify.Graphs.Operators;

/// <summary>ReLU, <c>min(max(0, x), Max)</c>, <c>[N, H, W, C]</c> to the same. The gradient is 0 at both kinks.</summary>
/// <param name="Max">The upper bound: infinity for a plain ReLU, 6 for ReLU6.</param>
internal sealed record ReluOperator(float Max) : Operator
{
    internal const string KindName = "relu";

    /// <inheritdoc/>
    public override string Name => float.IsInfinity(Max) ? "Relu" : "ClippedRelu";

    /// <inheritdoc/>
    public override string OnnxName => float.IsInfinity(Max) ? "Relu" : "Clip";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs) => Only(node, inputs);

    internal static ReluOperator Read(OperatorAttributes attributes) =>
        new(attributes.Number("ceiling", 0, usual: float.PositiveInfinity));

    internal override void Write(OperatorAttributes attributes) => attributes.Write("ceiling", Max, double.PositiveInfinity);

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        OnnxValue x = emitter.Input(0);
        emitter.Result(x with { Name = emitter.EmitRelu(x.Name, Max) });
    }
}

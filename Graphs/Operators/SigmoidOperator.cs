namespace MLClassify.Graphs.Operators;

/// <summary>Logistic function, <c>1 / (1 + exp(-x))</c>, <c>[N, H, W, C]</c> to the same.</summary>
internal sealed record SigmoidOperator : Operator
{
    internal const string KindName = "sigmoid";

    /// <inheritdoc/>
    public override string Name => "Sigmoid";

    /// <inheritdoc/>
    public override string OnnxName => "Sigmoid";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs) => Only(node, inputs);

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        emitter.EmitElementwise(OnnxName);
    }
}

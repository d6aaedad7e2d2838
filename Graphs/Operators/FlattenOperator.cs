namespace MLClassify.Graphs.Operators;

/// <summary>A map seen as a feature vector, <c>[N, H, W, C]</c> to <c>[N, 1, 1, H * W * C]</c>: the same memory under another shape.</summary>
internal sealed record FlattenOperator : Operator
{
    internal const string KindName = "flatten";

    /// <inheritdoc/>
    public override string Name => "Flatten";

    /// <inheritdoc/>
    public override string OnnxName => "Flatten";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs) => Shape.Vector(Only(node, inputs).Count);

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        OnnxValue x = emitter.Input(0);
        Shape map = emitter.InputShapes[0];
        emitter.Result(x.IsMap
            ? new OnnxValue(emitter.Emit(OnnxName, [x.Name], new OnnxAttribute("axis", 1)), IsMap: false, map.IsVector ? null : map)
            : x);
    }
}

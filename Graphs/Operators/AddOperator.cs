namespace MLClassify.Graphs.Operators;

/// <summary>Element-wise sum of two maps, <c>[N, H, W, C]</c> twice to the same.</summary>
internal sealed record AddOperator : Operator
{
    internal const string KindName = "add";

    /// <inheritdoc/>
    public override string Name => "Add";

    /// <inheritdoc/>
    public override string OnnxName => "Add";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Require(node, inputs, 2);
        return inputs[0] == inputs[1] ? inputs[0] : throw new ShapeException(Name, node, $"two maps of {inputs[0]}", inputs[1].ToString());
    }

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        OnnxValue left = emitter.Input(0);
        OnnxValue right = emitter.Input(1);
        if ((left.IsMap, left.FlattenedFrom) == (right.IsMap, right.FlattenedFrom))
        {
            emitter.Result(left with { Name = emitter.Emit(OnnxName, [left.Name, right.Name]) });
            return;
        }

        emitter.MapResult(emitter.Emit(OnnxName, [emitter.Map(0), emitter.Map(1)]));
    }
}

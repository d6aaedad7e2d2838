namespace MLClassify.Graphs.Operators;

/// <summary>The graph's input, <c>[N, H, W, C]</c>: the session's caller writes it.</summary>
/// <param name="Shape">One sample's shape.</param>
internal sealed record InputOperator(Shape Shape) : Operator
{
    internal const string KindName = "input";

    /// <inheritdoc/>
    public override string Name => "Input";

    /// <inheritdoc/>
    public override string OnnxName => "";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Require(node, inputs, 0);
        return Shape.Height >= 1 && Shape.Width >= 1 && Shape.Channels >= 1
            ? Shape
            : throw new ShapeException(Name, node, "sides of at least 1", Shape.ToString());
    }

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        throw new InvalidOperationException("The input is no node in ONNX.");
    }
}

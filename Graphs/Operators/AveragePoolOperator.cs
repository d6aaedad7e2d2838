namespace MLClassify.Graphs.Operators;

/// <summary>Mean of each window and channel, the border counted as zeros, <c>[N, H, W, C]</c> to <c>[N, H', W', C]</c>.</summary>
/// <param name="Window">The window.</param>
internal sealed record AveragePoolOperator(PoolWindow Window) : Operator
{
    internal const string KindName = "average_pool";

    /// <inheritdoc/>
    public override string Name => "AveragePool";

    /// <inheritdoc/>
    public override string OnnxName => "AveragePool";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Shape x = Only(node, inputs);
        return Window.CeilMode ? throw new ShapeException(Name, node, "floor mode", "ceil mode") : Window.Apply(Name, node, x);
    }

    internal static AveragePoolOperator Read(OperatorAttributes attributes) => new(PoolWindow.Read(attributes));

    internal override void Write(OperatorAttributes attributes) => Window.Write(attributes);

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        Shape x = emitter.InputShapes[0];
        emitter.MapResult(emitter.Emit(OnnxName, [emitter.Map(0)], [.. Window.OnnxAttributes(x), new OnnxAttribute("count_include_pad", 1)]));
    }
}

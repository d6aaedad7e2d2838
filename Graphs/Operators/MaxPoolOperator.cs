namespace MLClassify.Graphs.Operators;

/// <summary>Largest value of each window and channel, <c>[N, H, W, C]</c> to <c>[N, H', W', C]</c>; the first of equals takes the gradient.</summary>
/// <param name="Window">The window.</param>
internal sealed record MaxPoolOperator(PoolWindow Window) : Operator
{
    internal const string KindName = "max_pool";

    /// <inheritdoc/>
    public override string Name => "MaxPool";

    /// <inheritdoc/>
    public override string OnnxName => "MaxPool";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs) => Window.Apply(Name, node, Only(node, inputs));

    internal static MaxPoolOperator Read(OperatorAttributes attributes) => new(PoolWindow.Read(attributes));

    internal override void Write(OperatorAttributes attributes) => Window.Write(attributes);

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        Shape x = emitter.InputShapes[0];
        emitter.MapResult(emitter.Emit(OnnxName, [emitter.Map(0)], Window.OnnxAttributes(x)));
    }
}

namespace MLClassify.Graphs.Operators;

/// <summary>Mean of each window and channel, the border counted as zeros, <c>[N, H, W, C]</c> to <c>[N, H', W', C]</c>.</summary>
/// <param name="Window">The window.</param>
public sealed record AveragePoolOperator(PoolWindow Window) : Operator
{
    /// <inheritdoc/>
    public override string Name => "AveragePool";

    /// <inheritdoc/>
    public override string OnnxName => "AveragePool";

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Shape x = Only(node, inputs);
        return Window.CeilMode ? throw new ShapeException(Name, node, "floor mode", "ceil mode") : Window.Apply(Name, node, x);
    }

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        Shape x = emitter.Node.Inputs[0].Shape;
        emitter.MapResult(emitter.Emit(OnnxName, [emitter.Map(0)], [.. Window.OnnxAttributes(x), new OnnxAttribute("count_include_pad", 1)]));
    }

    /// <inheritdoc/>
    public override void Forward(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Device.AveragePool(Window, context.Inputs[0], context.Output);
    }

    /// <inheritdoc/>
    public override void Backward(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Device.AveragePoolGradient(Window, context.OutputGradient, context.InputGradients[0]);
    }
}

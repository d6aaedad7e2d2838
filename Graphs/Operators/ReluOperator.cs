using MLClassify.Graphs.Descriptions;

namespace MLClassify.Graphs.Operators;

/// <summary>Rectifier, <c>min(max(0, x), ceiling)</c>, <c>[N, H, W, C]</c> to the same. The gradient is 0 at both kinks.</summary>
/// <param name="Ceiling">The largest output: infinity for a plain rectifier, 6 for ReLU6.</param>
public sealed record ReluOperator(float Ceiling) : Operator
{
    internal const string KindName = "relu";

    /// <inheritdoc/>
    public override string Name => float.IsInfinity(Ceiling) ? "Relu" : "ClippedRelu";

    /// <inheritdoc/>
    public override string OnnxName => float.IsInfinity(Ceiling) ? "Relu" : "Clip";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override bool GradientNeedsOutput => true;

    /// <inheritdoc/>
    public override bool CanOverwriteInput(int input) => true;

    /// <inheritdoc/>
    public override bool GradientCanOverwrite(int input) => true;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs) => Only(node, inputs);

    internal static ReluOperator Read(OperatorAttributes attributes) =>
        new(attributes.Number("ceiling", 0, usual: float.PositiveInfinity));

    internal override void Write(OperatorAttributes attributes) => attributes.Write("ceiling", Ceiling, double.PositiveInfinity);

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        OnnxValue x = emitter.Input(0);
        emitter.Result(x with { Name = emitter.EmitRelu(x.Name, Ceiling) });
    }

    /// <inheritdoc/>
    public override void Forward(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Device.Relu(context.Inputs[0], Ceiling, context.Output);
    }

    /// <inheritdoc/>
    public override void Backward(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Device.ReluGradient(context.Output, context.OutputGradient, Ceiling, context.InputGradients[0]);
    }
}

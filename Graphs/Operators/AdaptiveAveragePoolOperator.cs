using MLClassify.Graphs.Descriptions;

namespace MLClassify.Graphs.Operators;

/// <summary>
/// Mean over windows that cover the input evenly, <c>[N, H, W, C]</c> to <c>[N, Height, Width, C]</c>: output row i covers input rows
/// <c>floor(i H / Height)</c> to <c>ceil((i + 1) H / Height)</c>. With 1 x 1 it is the global average.
/// </summary>
/// <param name="Height">Output rows.</param>
/// <param name="Width">Output columns.</param>
public sealed record AdaptiveAveragePoolOperator(int Height, int Width) : Operator
{
    internal const string KindName = "adaptive_average_pool";

    /// <inheritdoc/>
    public override string Name => Height == 1 && Width == 1 ? "GlobalAveragePool" : "AdaptiveAveragePool";

    /// <inheritdoc/>
    public override string OnnxName => Height == 1 && Width == 1 ? "GlobalAveragePool" : "AveragePool";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Shape x = Only(node, inputs);
        return Height >= 1 && Width >= 1
            ? new Shape(Height, Width, x.Channels)
            : throw new ShapeException(Name, node, "an output of at least 1 x 1", $"{Height} x {Width}");
    }

    internal static AdaptiveAveragePoolOperator Read(OperatorAttributes attributes) =>
        new(attributes.Integer("height", 1, 1), attributes.Integer("width", 1, 1));

    internal override void Write(OperatorAttributes attributes)
    {
        attributes.Write("height", Height, 1);
        attributes.Write("width", Width, 1);
    }

    /// <inheritdoc/>
    public override void Forward(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Device.AdaptiveAveragePool(context.Inputs[0], context.Output);
    }

    /// <inheritdoc/>
    public override void Backward(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Device.AdaptiveAveragePoolGradient(context.OutputGradient, context.InputGradients[0]);
    }
}

using MLClassify.Graphs;
using MLClassify.Graphs.Operators;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>
/// Sums, differences, products and quotients: of two activations where a layer does that; of an activation and constants, which at the
/// network's input are its preprocessing, after a convolution or a matrix its bias, and elsewhere a 1x1 depthwise convolution.
/// </summary>
internal static class Arithmetic
{
    private delegate (double Factor, double Offset) Step(double constant);

    public static ImportValue Add(NodeReader node) =>
        Shapes(node, (a, b) => a + b) ?? (ImportValue?)WithConstant(node, c => (1, c), c => (1, c)) ?? Sum(node);

    public static ImportValue Subtract(NodeReader node) =>
        Shapes(node, (a, b) => a - b) ?? (ImportValue?)WithConstant(node, c => (1, -c), c => (-1, c)) ?? throw Unsupported(node, "of two activations");

    public static ImportValue Multiply(NodeReader node) =>
        Shapes(node, (a, b) => a * b) ?? (ImportValue?)WithConstant(node, c => (c, 0), c => (c, 0)) ?? Scale(node);

    public static ImportValue Divide(NodeReader node) =>
        Shapes(node, (a, b) => b == 0 ? null : a / b) ?? (ImportValue?)WithConstant(node, c => (1 / c, 0), null) ?? throw Unsupported(node, "by an activation");

    /// <summary>The constant of an addition that follows a layer without a bias and is the only one to read it; the addition is then done.</summary>
    /// <param name="node">The layer.</param>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="dimensions">The dimensions that the constant is broadcast to, aligned at the end.</param>
    public static ConstantValue? TakeFollowingBias(NodeReader node, int outputs, IReadOnlyList<long> dimensions)
    {
        NodeProto? addition = node.State.OnlyReader(node.Proto);
        if (addition is not { OpType: "Add", Domain: "" or "ai.onnx", Input.Count: 2, Output.Count: 1 })
        {
            return null;
        }

        string other = addition.Input[0] == node.Proto.Output[0] ? addition.Input[1] : addition.Input[0];
        if (node.State.ValueOrNull(other) is not ConstantValue constant || constant.Count != outputs || constant.Dimensions.Count > dimensions.Count)
        {
            return null;
        }

        if (!constant.Dimensions.SequenceEqual(dimensions.Skip(dimensions.Count - constant.Dimensions.Count)))
        {
            return null;
        }

        node.State.TakenIn.Add(addition);
        return constant;
    }

    // What is unsupported of two activations is no news where one of them could not be converted.
    private static UnsupportedNodeException Unsupported(NodeReader node, string reason)
    {
        _ = node.Activation(0);
        _ = node.Activation(1);
        return new UnsupportedNodeException(reason);
    }

    private static IntegerValue? Shapes(NodeReader node, Func<long, long, long?> compute)
    {
        if (ShapeArithmetic.Integers(node.Value(0)) is not { } left || ShapeArithmetic.Integers(node.Value(1)) is not { } right)
        {
            return null;
        }

        int count = Math.Max(left.Values.Count, right.Values.Count);
        if ((left.Values.Count != count && left.Values.Count != 1) || (right.Values.Count != count && right.Values.Count != 1))
        {
            throw node.Invalid("the operands' sizes do not fit");
        }

        long? At(IntegerValue v, int i) => v.Values[v.Values.Count == 1 ? 0 : i];
        long? Compute(long? a, long? b) => a is { } x && b is { } y && Math.Abs((double)x) < 1e9 && Math.Abs((double)y) < 1e9 ? compute(x, y) : null;
        return new IntegerValue([.. Enumerable.Range(0, count).Select(i => Compute(At(left, i), At(right, i)))], left.Dimensions.Count >= right.Dimensions.Count ? left.Dimensions : right.Dimensions);
    }

    private static ActivationValue Sum(NodeReader node)
    {
        ActivationValue left = node.Settled(0);
        ActivationValue right = node.Settled(1);
        bool isAlike = left.Dimensions.SequenceEqual(right.Dimensions) && left.Order == right.Order && left.FlattenedFrom == right.FlattenedFrom;
        return isAlike && left.Node.Shape == right.Node.Shape
            ? left.With(node.State.Append(node.State.Names.Layer(node.Proto), new AddOperator(), [left.Node, right.Node]))
            : throw new UnsupportedNodeException("of activations of different shapes");
    }

    private static ActivationValue Scale(NodeReader node)
    {
        ActivationValue map = node.Settled(0);
        ActivationValue factors = node.Settled(1);
        if (map.Node.Shape.IsVector && !factors.Node.Shape.IsVector)
        {
            (map, factors) = (factors, map);
        }

        int channels = map.Node.Shape.Channels;
        int axis = map.Order == AxisOrder.ChannelsFirst ? 0 : map.Dimensions.Count - 1;
        bool fits = factors.Node.Shape == Shape.Vector(channels) && factors.Rank == map.Rank && factors.Dimensions[axis] == channels
            && map.FlattenedFrom is null && factors.FlattenedFrom is null;
        return fits
            ? map.With(node.State.Append(node.State.Names.Layer(node.Proto), new ScaleOperator(), [map.Node, factors.Node]))
            : throw new UnsupportedNodeException("of two activations that are not a map and a factor for each channel");
    }

    // Null when neither operand is a constant.
    private static ActivationValue? WithConstant(NodeReader node, Step right, Step? left)
    {
        bool isLeft = node.Value(0) is ConstantValue;
        if (!isLeft && node.Value(1) is not ConstantValue)
        {
            return null;
        }

        Step step = (isLeft ? left : right) ?? throw new UnsupportedNodeException("of a constant by an activation");
        ActivationValue x = node.Activation(isLeft ? 1 : 0);
        if (!x.Border.IsEmpty || x.Steps != (1, 1))
        {
            throw new UnsupportedNodeException("after a padding");
        }

        ConstantValue constant = node.Constant(isLeft ? 0 : 1);
        RequirePerChannel(x, constant);
        int channels = x.Node.Shape.Channels;
        double[] Factors() => [.. PerChannel(constant, channels).Select(v => step(v).Factor)];
        double[] Offsets() => [.. PerChannel(constant, channels).Select(v => step(v).Offset)];
        if (!ReferenceEquals(x.Node, node.Builder.Input))
        {
            return Affine(node, x, () => Singles(Factors()), () => Singles(Offsets()));
        }

        InputScaling scaling = (x.Scaling ?? InputScaling.None(channels)).Then(Factors(), Offsets());
        return scaling.Factors.Concat(scaling.Offsets).All(double.IsFinite)
            ? x with { Scaling = scaling }
            : throw node.Invalid("a constant is infinite, or divides by zero");
    }

    private static float[] Singles(double[] values) => [.. values.Select(v => (float)v)];

    private static float[] PerChannel(ConstantValue constant, int channels) =>
        constant.Count == 1 ? [.. Enumerable.Repeat(constant.Singles()[0], channels)] : constant.Singles();

    private static void RequirePerChannel(ActivationValue x, ConstantValue constant)
    {
        // Where the channels stand, counted from the end: there broadcasting aligns.
        int channels = x.Node.Shape.Channels;
        int axis = constant.Dimensions.Count - (x.Order == AxisOrder.ChannelsFirst ? x.Dimensions.Count : 1);
        bool isPerChannel = axis >= 0 && constant.Count == channels && constant.Dimensions[axis] == channels
            && x.FlattenedFrom is null && (x.Order == AxisOrder.ChannelsLast || x.Dimensions[0] == channels);
        if (constant.Dimensions.Count > x.Rank || (constant.Count != 1 && !isPerChannel))
        {
            throw new UnsupportedNodeException(FormattableString.Invariant(
                $"of [N, {string.Join(", ", x.Dimensions)}] and a constant [{string.Join(", ", constant.Dimensions.Take(8))}]"));
        }
    }

    private static ActivationValue Affine(NodeReader node, ActivationValue x, Func<float[]> factors, Func<float[]> offsets)
    {
        int channels = x.Node.Shape.Channels;
        if (x.FlattenedFrom is not null)
        {
            throw new UnsupportedNodeException("of a flattened map and constants");
        }

        string layer = node.State.Names.Layer(node.Proto);
        var operation = new ConvolutionOperator { OutputChannels = channels, KernelHeight = 1, KernelWidth = 1, Groups = channels };
        Parameter filters = node.State.Declare(
            node.State.Names.Parameter("", layer, "weight"), ParameterRole.ConvolutionWeight, [channels, 1, 1, 1], factors) with
        { Groups = channels };
        Parameter bias = node.State.Declare(node.State.Names.Parameter("", layer, "bias"), ParameterRole.Bias, [channels], offsets);
        return x.With(node.State.Append(layer, operation, [x.Node], filters, bias));
    }
}

using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>Means and maxima of windows and of whole maps.</summary>
internal static class Pooling
{
    // Of a map of 256 x 256 pixels all means are within this.
    private const int MaximumMeans = 1 << 16;

    public static ImportValue Max(NodeReader node)
    {
        if (node.Proto.Output.Count > 1 && node.Proto.Output[1].Length > 0)
        {
            throw new UnsupportedNodeException("whose indices are used");
        }

        (int kernel, int stride) = Square(node);
        ActivationValue x = node.Map(0);

        // Zeros around values that are never negative lose against them as a border does that never wins.
        Border border = x.Border.IsEmpty || IsNonNegative(x.Node)
            ? x.Border + node.Pads(x.Node.Shape, (kernel, kernel), (stride, stride))
            : throw new UnsupportedNodeException("after a padding of values that may be negative");
        Shape shape = x.Node.Shape;
        int height = Windows(node, shape.Height, border.Top, border.Bottom, kernel, stride);
        int width = Windows(node, shape.Width, border.Left, border.Right, kernel, stride);

        // What lies outside never wins, so that only the first border and the number of windows matter.
        foreach (bool ceil in (bool[])[false, true])
        {
            var operation = new MaxPoolOperator(new PoolWindow(kernel, stride, border.Top, ceil));
            if (border.Top == border.Left && border.Top <= kernel / 2 && operation.InferShape(node.Proto.Name, [shape]) is var y && y.Height == height && y.Width == width)
            {
                return ActivationValue.Map(node.State.Append(node.State.Names.Layer(node.Proto), operation, [x.Node]));
            }
        }

        throw new UnsupportedNodeException(FormattableString.Invariant(
            $"with pads [{border.Top}, {border.Left}, {border.Bottom}, {border.Right}] at {shape.Height} x {shape.Width} pixels"));
    }

    public static ImportValue Average(NodeReader node)
    {
        ActivationValue x = node.Map(0);
        Shape shape = x.Node.Shape;
        IReadOnlyList<long> kernels = node.Ints("kernel_shape") ?? throw node.Invalid("kernel_shape is missing");
        Border own = node.Pads(shape, node.Pair("kernel_shape", 1), node.Pair("strides", 1));
        if (x.Border.IsEmpty && own.IsEmpty && kernels.SequenceEqual([shape.Height, shape.Width]))
        {
            return Global(node, x);
        }

        // Windows side by side that are not square: only an adaptive pooling leaves such.
        (int kernelY, int kernelX) = node.Pair("kernel_shape", 1);
        if (kernelY != kernelX && x.Border.IsEmpty && own.IsEmpty && node.Pair("strides", 1) == (kernelY, kernelX)
            && shape.Height % kernelY == 0 && shape.Width % kernelX == 0)
        {
            var adaptive = new AdaptiveAveragePoolOperator(shape.Height / kernelY, shape.Width / kernelX);
            return ActivationValue.Map(node.State.Append(node.State.Names.Layer(node.Proto), adaptive, [x.Node]));
        }

        (int kernel, int stride) = Square(node);
        Border border = x.Border + own;
        if (!own.IsEmpty && node.Int("count_include_pad", 0) == 0)
        {
            throw new UnsupportedNodeException("whose border is not counted");
        }

        if (border.Top != border.Left || border.Top != border.Bottom || border.Top != border.Right || border.Top > kernel / 2)
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"with pads [{border.Top}, {border.Left}, {border.Bottom}, {border.Right}]"));
        }

        bool fits = (shape.Height + (2L * border.Top) - kernel) % stride == 0 && (shape.Width + (2L * border.Top) - kernel) % stride == 0;
        if (node.Int("ceil_mode", 0) != 0 && !fits)
        {
            throw new UnsupportedNodeException("with windows that are partly outside (ceil_mode)");
        }

        var operation = new AveragePoolOperator(new PoolWindow(kernel, stride, border.Top, false));
        return ActivationValue.Map(node.State.Append(node.State.Names.Layer(node.Proto), operation, [x.Node]));
    }

    public static ImportValue GlobalAverage(NodeReader node) => Global(node, node.PlainMap(0));

    public static ImportValue GlobalMax(NodeReader node)
    {
        ActivationValue x = node.PlainMap(0);
        Shape shape = x.Node.Shape;
        var operation = new MaxPoolOperator(new PoolWindow(shape.Height, shape.Height, 0, false));
        return shape.Height == shape.Width
            ? ActivationValue.Map(node.State.Append(node.State.Names.Layer(node.Proto), operation, [x.Node]))
            : throw new UnsupportedNodeException("of a map that is not square");
    }

    /// <summary>The mean over rows and columns, in either order of the axes.</summary>
    public static ImportValue ReduceMean(NodeReader node)
    {
        ActivationValue x = node.Settled(0);
        IReadOnlyList<long> axes = node.IntsOrInput("axes", 1) ?? throw new UnsupportedNodeException("over all axes");
        bool keeps = node.Int("keepdims", 1) != 0;
        long[] sorted = [.. axes.Select(a => a < 0 ? a + x.Rank : a).Distinct().Order()];
        bool isSpatial = x.Rank == 4 && sorted.SequenceEqual(x.Order == AxisOrder.ChannelsFirst ? [2, 3] : [1L, 2]);
        if (!isSpatial || x.FlattenedFrom is not null)
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"over axes [{string.Join(", ", axes.Take(8))}] of [N, {string.Join(", ", x.Dimensions)}]"));
        }

        Node mean = node.State.Append(node.State.Names.Layer(node.Proto), new AdaptiveAveragePoolOperator(1, 1), [x.Node]);
        return keeps ? ActivationValue.Map(mean, x.Order) : ActivationValue.Vector(mean);
    }

    /// <summary>
    /// An adaptive pooling to the map's size, before a matrix that fixes the number of features: so the network takes images of other
    /// sizes too. What exporters write of such a pooling at one size is windows that cover the map evenly, or nothing.
    /// </summary>
    public static Node Adaptive(NodeReader node, Node map)
    {
        if (map.Shape.IsVector || map.Operator is AdaptiveAveragePoolOperator)
        {
            return map;
        }

        Node source = map.Operator is AveragePoolOperator { Window: var window } && IsEven(window, map) ? map.Inputs[0] : map;
        string name = source == map ? node.State.Names.Layer(node.Proto) + ".pool" : map.Name;
        return node.State.Append(name, new AdaptiveAveragePoolOperator(map.Shape.Height, map.Shape.Width), [source]);
    }

    /// <summary>
    /// Two matrix products, with columns and then with rows, that average windows covering the map evenly: how an adaptive pooling is
    /// written whose windows are not all of one size. The second product is then done. Null where it is something else.
    /// </summary>
    public static ActivationValue? Products(NodeReader node)
    {
        if (node.Value(0) is not ActivationValue { Rank: 4, Order: AxisOrder.ChannelsFirst }
            || node.State.OnlyReader(node.Proto) is not { OpType: "MatMul", Domain: "" or "ai.onnx", Input: [var rowsName, var left] } second
            || left != node.Proto.Output[0] || node.State.ValueOrNull(rowsName) is not ConstantValue { Dimensions.Count: 2 } rows)
        {
            return null;
        }

        ActivationValue x = node.PlainMap(0);
        ConstantValue columns = node.Constant(1);
        Shape shape = x.Node.Shape;
        bool fits = columns.Dimensions is [var width, var outWidth] && width == shape.Width && outWidth is >= 1 && columns.Count <= MaximumMeans
            && rows.Dimensions is [var outHeight, var height] && height == shape.Height && outHeight is >= 1 && rows.Count <= MaximumMeans
            && AreMeans(rows) && AreMeans(columns.Transposed());
        if (!fits)
        {
            return null;
        }

        node.State.TakenIn.Add(second);
        var operation = new AdaptiveAveragePoolOperator((int)rows.Dimensions[0], (int)columns.Dimensions[1]);
        return ActivationValue.Map(node.State.Append(node.State.Names.Layer(node.Proto), operation, [x.Node]));
    }

    // Whether a row holds equal shares of just the inputs that its output covers.
    private static bool AreMeans(ConstantValue matrix)
    {
        float[] values = matrix.Singles();
        (long outputs, long inputs) = (matrix.Dimensions[0], matrix.Dimensions[1]);
        for (long output = 0; output < outputs; output++)
        {
            long first = output * inputs / outputs;
            long last = (((output + 1) * inputs) + outputs - 1) / outputs;
            for (long input = 0; input < inputs; input++)
            {
                double share = input >= first && input < last ? 1.0 / (last - first) : 0;
                if (!(Math.Abs(values[(output * inputs) + input] - share) <= 1e-6))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsEven(PoolWindow window, Node map)
    {
        Shape input = map.Inputs[0].Shape;
        return window is { Padding: 0, CeilMode: false } && window.Kernel == window.Stride
            && (long)map.Shape.Height * window.Kernel == input.Height && (long)map.Shape.Width * window.Kernel == input.Width;
    }

    private static ActivationValue Global(NodeReader node, ActivationValue x) =>
        ActivationValue.Map(node.State.Append(node.State.Names.Layer(node.Proto), new AdaptiveAveragePoolOperator(1, 1), [x.Node]));

    private static (int Kernel, int Stride) Square(NodeReader node)
    {
        if (node.Ints("kernel_shape") is null)
        {
            throw node.Invalid("kernel_shape is missing");
        }

        (int kernelY, int kernelX) = node.Pair("kernel_shape", 1);
        (int strideY, int strideX) = node.Pair("strides", 1);
        (int dilationY, int dilationX) = node.Pair("dilations", 1);
        if (kernelY != kernelX || strideY != strideX)
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"of {kernelY} x {kernelX} pixels with steps of {strideY} x {strideX}"));
        }

        return dilationY == 1 && dilationX == 1
            ? (kernelY, strideY)
            : throw new UnsupportedNodeException(FormattableString.Invariant($"with dilation {dilationY} x {dilationX}"));
    }

    // ONNX's number of windows; the last one must begin inside, as PyTorch and ONNX since operator set 19 have it.
    private static int Windows(NodeReader node, int side, int before, int after, int kernel, int stride)
    {
        long reach = (long)side + before + after - kernel;
        if (reach < 0)
        {
            throw node.Invalid(FormattableString.Invariant($"a window of {kernel} is larger than the map of {side} with its border"));
        }

        bool ceil = node.Int("ceil_mode", 0) != 0;
        long count = ((ceil ? reach + stride - 1 : reach) / stride) + 1;
        return node.Size(ceil && (count - 1) * stride >= side + (long)before ? count - 1 : count, "windows", 1);
    }

    private static bool IsNonNegative(Node node)
    {
        Node at = node;
        while (at.Operator is MaxPoolOperator or AveragePoolOperator or DropoutOperator)
        {
            at = at.Inputs[0];
        }

        return at.Operator is ReluOperator or SigmoidOperator;
    }
}

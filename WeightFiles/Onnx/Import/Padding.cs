using MLClassify.Graphs;
using MLClassify.Graphs.Operators;
using MLClassify.Networks;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>Zeros around maps, and every n-th pixel of them.</summary>
internal static class Padding
{
    /// <summary>Zeros around the channels are a layer; those around rows and columns wait for the layer that takes them up.</summary>
    public static ImportValue Pad(NodeReader node)
    {
        string mode = node.Text("mode", "constant");
        float value = node.Single(2) ?? node.Float("value", 0);
        if (mode != "constant" || value != 0)
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"of mode {mode} with {value}"));
        }

        if (node.Has(3))
        {
            throw new UnsupportedNodeException("along given axes");
        }

        IReadOnlyList<long> pads = node.IntsOrInput("pads", 1) ?? throw node.Invalid("pads are missing");
        if (pads.All(p => p == 0))
        {
            return node.Activation(0);
        }

        ActivationValue x = node.Map(0);
        if (pads.Count != 8 || pads[0] != 0 || pads[4] != 0 || pads.Any(p => p < 0))
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"by [{string.Join(", ", pads.Take(10))}]"));
        }

        var border = new Border(node.Size(pads[2], "pads"), node.Size(pads[3], "pads"), node.Size(pads[6], "pads"), node.Size(pads[7], "pads"));
        if (pads[1] != 0 || pads[5] != 0)
        {
            var operation = new PadChannelsOperator(node.Size(pads[1], "pads"), node.Size(pads[5], "pads"));
            x = ActivationValue.Map(node.State.Append(node.State.Names.Layer(node.Proto), operation, [x.Node])) with { Border = x.Border };
        }

        return x with { Border = x.Border + border };
    }

    /// <summary>Of an activation, every n-th row and column: windows of one pixel. Else a part of a shape.</summary>
    public static ImportValue Slice(NodeReader node)
    {
        IReadOnlyList<long> starts = node.IntsOrInput("starts", 1) ?? throw node.Invalid("starts are missing");
        IReadOnlyList<long> ends = node.IntsOrInput("ends", 2) ?? throw node.Invalid("ends are missing");
        IReadOnlyList<long> axes = node.IntsOrInput("axes", 3) ?? [.. Enumerable.Range(0, starts.Count).Select(i => (long)i)];
        long[] steps = node.Integers(4) ?? [.. Enumerable.Repeat(1L, starts.Count)];
        if (ends.Count != starts.Count || axes.Count != starts.Count || steps.Length != starts.Count)
        {
            throw node.Invalid("starts, ends, axes and steps are not of one length");
        }

        if (ShapeArithmetic.Integers(node.Value(0)) is { } integers)
        {
            return ShapeArithmetic.Slice(node, integers, starts, ends, axes, steps);
        }

        return Every(node, node.Activation(0), starts, ends, axes, steps);
    }

    // PyTorch slices rows and columns one after the other.
    private static ActivationValue Every(
        NodeReader node, ActivationValue x, IReadOnlyList<long> starts, IReadOnlyList<long> ends, IReadOnlyList<long> axes, long[] steps)
    {
        if (x.Rank != 4 || x.Order != AxisOrder.ChannelsFirst || !x.Border.IsEmpty || x.FlattenedFrom is not null)
        {
            throw new UnsupportedNodeException("of what is no map");
        }

        long[] step = [1, 1, 1, 1];
        for (int i = 0; i < axes.Count; i++)
        {
            long axis = axes[i] < 0 ? axes[i] + 4 : axes[i];
            bool isWhole = axis is >= 0 and < 4 && starts[i] == 0 && steps[i] >= 1 && (axis >= 2 || steps[i] == 1)
                && steps[i] <= NetworkOptions.MaximumInputSize && ends[i] >= (axis == 0 ? int.MaxValue : x.Dimensions[(int)axis - 1]);
            if (!isWhole || step[axis] != 1)
            {
                throw new UnsupportedNodeException("of a part of an activation");
            }

            step[axis] = steps[i];
        }

        Shape shape = x.Node.Shape;
        int stepY = node.Size(step[2] * x.Steps.Y, "steps", 1);
        int stepX = node.Size(step[3] * x.Steps.X, "steps", 1);
        if (stepY != stepX)
        {
            return x with { Steps = (stepY, stepX), Dimensions = [shape.Channels, ((shape.Height - 1) / stepY) + 1, ((shape.Width - 1) / stepX) + 1] };
        }

        Node source = node.State.Settle(x with { Steps = (1, 1) }).Node;
        var window = new PoolWindow(1, stepY, 0, false);
        return stepY == 1 ? x : ActivationValue.Map(node.State.Append(node.State.Names.Layer(node.Proto), new AveragePoolOperator(window), [source]));
    }
}

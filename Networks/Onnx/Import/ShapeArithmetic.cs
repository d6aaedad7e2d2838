using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Networks.Onnx.Import;

/// <summary>Shapes that a model computes from shapes, which are known here but for the batch; and the joining of maps.</summary>
internal static class ShapeArithmetic
{
    public static ImportValue Shape(NodeReader node)
    {
        if (node.Value(0) is ConstantValue constant)
        {
            return new IntegerValue([.. constant.Dimensions.Select(d => (long?)d)], false);
        }

        ActivationValue x = node.Activation(0);
        if (!x.Border.IsEmpty)
        {
            throw new UnsupportedNodeException("of a padded map");
        }

        long?[] shape = [null, .. x.Dimensions.Select(d => (long?)d)];
        int start = Place(node.Int("start", 0), shape.Length);
        int end = Place(node.Int("end", shape.Length), shape.Length);
        return new IntegerValue(shape[start..Math.Max(start, end)], false);
    }

    /// <summary>Whole numbers, whether they come from a shape or from the file; null where a value is something else.</summary>
    public static IntegerValue? Integers(ImportValue? value) => value switch
    {
        IntegerValue integers => integers,
        ConstantValue { Integers: { } read } constant when constant.Dimensions.Count <= 1 && constant.Count <= ImportState.MaximumIntegers =>
            new IntegerValue([.. read().Select(v => (long?)v)], constant.Dimensions.Count == 0),
        _ => null,
    };

    public static ImportValue Gather(NodeReader node)
    {
        if (Integers(node.Value(0)) is not { } from)
        {
            _ = node.Activation(0);
            throw new UnsupportedNodeException("of an activation");
        }

        IntegerValue indices = Integers(node.Value(1)) ?? throw new UnsupportedNodeException("by indices that are computed");
        return new IntegerValue([.. indices.Values.Select(At)], indices.IsScalar);

        long? At(long? index)
        {
            long at = index is < 0 ? index.Value + from.Values.Count : index ?? -1;
            return at >= 0 && at < from.Values.Count ? from.Values[(int)at] : throw node.Invalid("an index is outside");
        }
    }

    public static IntegerValue Slice(
        NodeReader node, IntegerValue from, IReadOnlyList<long> starts, IReadOnlyList<long> ends, IReadOnlyList<long> axes, IReadOnlyList<long> steps)
    {
        if (starts.Count != 1 || axes[0] is not (0 or -1) || steps[0] != 1)
        {
            throw new UnsupportedNodeException("of a shape, in steps");
        }

        int start = Place(starts[0], from.Values.Count);
        int end = Place(ends[0], from.Values.Count);
        return new IntegerValue([.. from.Values.Skip(start).Take(Math.Max(0, end - start))], false);
    }

    public static ImportValue Concat(NodeReader node)
    {
        ImportValue[] values = [.. Enumerable.Range(0, node.InputCount).Select(i => node.Value(i) ?? throw node.Invalid("an input is missing"))];
        if (values.Length == 0)
        {
            throw node.Invalid("there are no inputs");
        }

        if (!values.Any(v => v is ActivationValue or UnknownValue))
        {
            IntegerValue[] parts = [.. values.Select(v => Integers(v) ?? throw new UnsupportedNodeException("of constants"))];
            long?[] all = [.. parts.SelectMany(p => p.Values).Take(ImportState.MaximumIntegers + 1)];
            return all.Length <= ImportState.MaximumIntegers ? new IntegerValue(all, false) : throw node.Invalid("a shape is too long");
        }

        return Join(node, [.. Enumerable.Range(0, values.Length).Select(node.Settled)]);
    }

    private static ActivationValue Join(NodeReader node, ActivationValue[] parts)
    {
        ActivationValue first = parts[0];
        long axis = node.Int("axis", 0);
        long along = axis < 0 ? axis + first.Rank : axis;
        int channelAxis = first.Order == AxisOrder.ChannelsFirst ? 1 : first.Rank - 1;
        bool fits = along == channelAxis && parts.All(p => p.Rank == first.Rank && p.FlattenedFrom is null
            && (p.Order == first.Order || p.Node.Shape.IsVector) && p.Dimensions[channelAxis - 1] == p.Node.Shape.Channels);
        if (!fits)
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"along axis {axis}, which is not the channels'"));
        }

        if (parts.Length == 1)
        {
            return first;
        }

        Node joined = node.State.Append(node.State.Names.Layer(node.Proto), new ConcatOperator(), [.. parts.Select(p => p.Node)]);
        return first.Rank == 4 ? ActivationValue.Map(joined, first.Order)
            : first.Rank == 2 ? ActivationValue.Vector(joined)
            : throw new UnsupportedNodeException(FormattableString.Invariant($"of {first.Rank} axes"));
    }

    private static int Place(long index, int count) => (int)Math.Clamp(index < 0 ? index + count : index, 0, count);
}

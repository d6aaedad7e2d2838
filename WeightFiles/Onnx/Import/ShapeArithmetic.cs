using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>Shapes that a model computes from shapes, which are known here but for the batch; and the joining of maps.</summary>
internal static class ShapeArithmetic
{
    public static ImportValue Shape(NodeReader node)
    {
        if (node.Value(0) is ConstantValue constant)
        {
            return IntegerValue.List([.. constant.Dimensions.Select(d => (long?)d)]);
        }

        if (node.Value(0) is IntegerValue numbers)
        {
            return IntegerValue.List([.. numbers.Dimensions.Select(d => (long?)d)]);
        }

        ActivationValue x = node.Activation(0);
        if (!x.Border.IsEmpty)
        {
            throw new UnsupportedNodeException("of a padded map");
        }

        long?[] shape = [null, .. x.Dimensions.Select(d => (long?)d)];
        int start = Place(node.Int("start", 0), shape.Length);
        int end = Place(node.Int("end", shape.Length), shape.Length);
        return IntegerValue.List(shape[start..Math.Max(start, end)]);
    }

    /// <summary>Whole numbers, whether they come from a shape or from the file; null where a value is something else.</summary>
    public static IntegerValue? Integers(ImportValue? value) => value switch
    {
        IntegerValue integers => integers,
        ConstantValue { Integers: { } read } constant when constant.Count <= ImportState.MaximumIntegers && constant.Count > 0 =>
            new IntegerValue([.. read().Select(v => (long?)v)], [.. constant.Dimensions.Select(d => (int)d)]),
        ConstantValue { Integers: not null, Count: 0 } => IntegerValue.List(),
        _ => null,
    };

    public static ImportValue Gather(NodeReader node)
    {
        if (Integers(node.Value(0)) is not { } numbers)
        {
            return Reverse(node, node.Activation(0));
        }

        IntegerValue indices = Integers(node.Value(1)) ?? throw new UnsupportedNodeException("by indices that are computed");
        return numbers.Dimensions.Count == 1 && indices.Dimensions.Count <= 1
            ? new IntegerValue([.. indices.Values.Select(At)], indices.Dimensions)
            : throw new UnsupportedNodeException("of numbers in several dimensions");

        long? At(long? index)
        {
            long at = index is < 0 ? index.Value + numbers.Values.Count : index ?? -1;
            return at >= 0 && at < numbers.Values.Count ? numbers.Values[(int)at] : throw node.Invalid("an index is outside");
        }
    }

    // Blue, green, red instead of red, green, blue.
    private static ActivationValue Reverse(NodeReader node, ActivationValue x)
    {
        int channels = x.Node.Shape.Channels;
        int channelAxis = x.Order == AxisOrder.ChannelsFirst ? 1 : x.Rank - 1;
        long axis = node.Int("axis", 0);
        bool isReversal = ReferenceEquals(x.Node, node.Builder.Input) && x.Border.IsEmpty && x.Steps == (1, 1)
            && (axis < 0 ? axis + x.Rank : axis) == channelAxis
            && Integers(node.Value(1)) is { Dimensions.Count: 1 } indices
            && indices.Values.SequenceEqual(Enumerable.Range(0, channels).Reverse().Select(i => (long?)i));
        return isReversal
            ? x with { Scaling = (x.Scaling ?? InputScaling.None(channels)).Reversed() }
            : throw new UnsupportedNodeException("of an activation");
    }

    /// <summary>A part of a list, or rows of a table, in steps of either direction.</summary>
    public static IntegerValue Slice(
        NodeReader node, IntegerValue numbers, IReadOnlyList<long> starts, IReadOnlyList<long> ends, IReadOnlyList<long> axes, long[] steps)
    {
        if (starts.Count != 1 || axes[0] != 0 || steps[0] == 0 || numbers.Dimensions.Count is not (1 or 2))
        {
            throw new UnsupportedNodeException("of numbers along several axes");
        }

        int rows = numbers.Dimensions[0];
        int width = numbers.Dimensions.Count == 1 ? 1 : numbers.Dimensions[1];
        bool isBackward = steps[0] < 0;
        long first = Math.Clamp(starts[0] < 0 ? starts[0] + rows : starts[0], isBackward ? -1 : 0, isBackward ? rows - 1 : rows);
        long last = Math.Clamp(ends[0] < 0 ? Math.Max(ends[0], -rows - 1) + rows : ends[0], isBackward ? -1 : 0, rows);
        var values = new List<long?>();
        int taken = 0;
        long step = Math.Clamp(steps[0], -rows - 1, rows + 1);
        for (long row = first; isBackward ? row > last : row < last; row += step, taken++)
        {
            values.AddRange(numbers.Values.Skip((int)row * width).Take(width));
        }

        return new IntegerValue(values, numbers.Dimensions.Count == 1 ? [taken] : [taken, width]);
    }

    /// <summary>Numbers under other dimensions.</summary>
    public static IntegerValue Reshape(NodeReader node, IntegerValue numbers, IntegerValue target)
    {
        long[] sides = [.. target.Values.Select(v => v ?? throw new UnsupportedNodeException("to a shape of the batch's size"))];
        long known = sides.Where(s => s != -1).Aggregate(1L, (product, side) => Math.Clamp(product * Math.Clamp(side, 0, int.MaxValue), 0, int.MaxValue));
        int open = Array.IndexOf(sides, -1);
        if (open >= 0 && known > 0)
        {
            sides[open] = numbers.Values.Count / known;
            known *= sides[open];
        }

        return known == numbers.Values.Count && sides.Length <= 8 && sides.All(s => s >= 0)
            ? numbers with { Dimensions = [.. sides.Select(s => (int)s)] }
            : throw node.Invalid("numbers cannot have that shape");
    }

    /// <summary>Numbers without axes of size 1: the given ones, or all.</summary>
    public static IntegerValue Squeeze(IntegerValue numbers, IReadOnlyList<long>? axes) => numbers with
    {
        Dimensions = [.. numbers.Dimensions.Where((d, i) => d != 1 || (axes is not null && !axes.Contains(i) && !axes.Contains(i - numbers.Dimensions.Count)))],
    };

    /// <summary>A table with rows and columns exchanged.</summary>
    public static IntegerValue Transpose(IntegerValue numbers, IReadOnlyList<long>? order)
    {
        if (numbers.Dimensions is not [var rows, var columns] || (order is not null && !order.SequenceEqual([1, 0])))
        {
            throw new UnsupportedNodeException("of numbers that are no table");
        }

        return new IntegerValue([.. Enumerable.Range(0, rows * columns).Select(i => numbers.Values[(i % rows * columns) + (i / rows)])], [columns, rows]);
    }

    /// <summary>The same number as often as a shape has elements.</summary>
    public static ImportValue ConstantOfShape(NodeReader node)
    {
        IntegerValue shape = Integers(node.Value(0)) ?? throw new UnsupportedNodeException("of a shape that is computed");
        int[] sides = [.. shape.Values.Select(v => node.Size(v ?? throw new UnsupportedNodeException("of the batch's size"), "a side"))];
        double count = sides.Aggregate(1.0, (product, side) => product * side);
        if (count > ImportState.MaximumIntegers || sides.Length > 8)
        {
            throw new UnsupportedNodeException("of many elements");
        }

        ConstantValue value = node.Proto.Find("value")?.T is { } tensor ? ConstantValue.Of(node.State.Resolve(tensor)) : ConstantValue.Of([0f], isScalar: true);
        if (value.Count != 1)
        {
            throw node.Invalid("the value must be one number");
        }

        return value.Integers is { } read
            ? new IntegerValue([.. Enumerable.Repeat((long?)read()[0], (int)count)], sides)
            : new ConstantValue("", [.. sides.Select(s => (long)s)]) { Singles = () => [.. Enumerable.Repeat(value.Singles()[0], (int)count)] };
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
            return all.Length <= ImportState.MaximumIntegers && parts.All(p => p.Dimensions.Count == 1) && node.Int("axis", 0) is 0 or -1
                ? IntegerValue.List(all)
                : throw new UnsupportedNodeException("of long lists or tables of numbers");
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

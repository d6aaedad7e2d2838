using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>The same values under other dimensions, as far as a classifier needs it: flattening, and axes of size 1.</summary>
internal static class Reshaping
{
    private const int MaximumDimensions = 8;

    public static ImportValue Flatten(NodeReader node)
    {
        ActivationValue x = node.Settled(0);
        long axis = node.Int("axis", 1);
        return axis == 1 || axis == 1 - x.Rank
            ? View(node, x, [x.Dimensions.Aggregate(1, (product, side) => checked(product * side))])
            : throw new UnsupportedNodeException(FormattableString.Invariant($"from axis {axis}"));
    }

    public static ImportValue Reshape(NodeReader node)
    {
        ImportValue value = node.Value(0) ?? throw node.Invalid("input 0 is missing");
        IntegerValue target = ShapeArithmetic.Integers(node.Value(1)) ?? throw new UnsupportedNodeException("to a shape that is computed");
        if (value is ConstantValue { Integers: not null } && ShapeArithmetic.Integers(value) is { } few)
        {
            return ShapeArithmetic.Reshape(node, few, target);
        }

        if (value is ConstantValue constant)
        {
            long[] sides = [.. target.Values.Select(v => v ?? throw new UnsupportedNodeException("of a constant to the batch's size"))];
            return Constant(node, constant, sides);
        }

        if (value is IntegerValue integers)
        {
            return ShapeArithmetic.Reshape(node, integers, target);
        }

        ActivationValue x = node.Settled(0);
        if (target.Values.Count < 2 || !IsBatch(node, target.Values))
        {
            throw new UnsupportedNodeException($"to [{Text(target.Values)}]");
        }

        int count = x.Dimensions.Aggregate(1, (product, side) => checked(product * side));
        var dimensions = new List<int>();
        for (int i = 1; i < target.Values.Count; i++)
        {
            long side = target.Values[i] ?? throw new UnsupportedNodeException($"to [{Text(target.Values)}]");
            side = side == 0 && node.Int("allowzero", 0) == 0 && i < x.Rank ? x.Dimensions[i - 1] : side;
            dimensions.Add(side == -1 ? -1 : node.Size(side, "a dimension", 1));
        }

        long known = dimensions.Where(d => d > 0).Aggregate(1L, (product, side) => Math.Min(int.MaxValue, product * side));
        int open = dimensions.IndexOf(-1);
        if (open >= 0 && count % known == 0)
        {
            dimensions[open] = (int)(count / known);
            known = count;
        }

        return known == count && !dimensions.Contains(-1)
            ? View(node, x, dimensions)
            : throw node.Invalid($"[N, {string.Join(", ", x.Dimensions)}] cannot become [{Text(target.Values)}]");
    }

    public static ImportValue Squeeze(NodeReader node)
    {
        IReadOnlyList<long>? axes = node.IntsOrInput("axes", 1);
        ImportValue? value = node.Value(0);
        if (value is IntegerValue integers)
        {
            return ShapeArithmetic.Squeeze(integers, axes);
        }

        if (value is ConstantValue constant)
        {
            HashSet<long>? removed = axes?.Select(a => a < 0 ? a + constant.Dimensions.Count : a).ToHashSet();
            return constant with { Dimensions = [.. constant.Dimensions.Where((d, i) => d != 1 || (removed is not null && !removed.Contains(i)))] };
        }

        ActivationValue x = node.Settled(0);
        HashSet<long> gone = axes is null
            ? [.. Enumerable.Range(1, x.Dimensions.Count).Where(i => x.Dimensions[i - 1] == 1).Select(i => (long)i)]
            : [.. axes.Select(a => a < 0 ? a + x.Rank : a)];
        if (gone.Any(a => a < 1 || a >= x.Rank || x.Dimensions[(int)a - 1] != 1))
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"of axes [{string.Join(", ", gone.Take(8))}] of [N, {string.Join(", ", x.Dimensions)}]"));
        }

        int[] left = [.. x.Dimensions.Where((_, i) => !gone.Contains(i + 1))];
        return View(node, x, left.Length == 0 ? [1] : left);
    }

    public static ImportValue Unsqueeze(NodeReader node)
    {
        IReadOnlyList<long> axes = node.IntsOrInput("axes", 1) ?? throw node.Invalid("axes are missing");
        ImportValue? value = node.Value(0);
        if (value is IntegerValue integers)
        {
            return integers with { Dimensions = Insert(node, integers.Dimensions, axes, 1) };
        }

        if (value is ConstantValue constant)
        {
            return constant with { Dimensions = [.. Insert(node, constant.Dimensions, axes, 1L)] };
        }

        ActivationValue x = node.Settled(0);
        List<int> dimensions = Insert(node, [0, .. x.Dimensions], axes, 1);
        return dimensions[0] == 0 ? View(node, x, dimensions[1..]) : throw new UnsupportedNodeException("before the batch");
    }

    /// <summary>Between the two orders of a map's axes, or of what has only one axis that is not 1.</summary>
    public static ImportValue Transpose(NodeReader node)
    {
        IReadOnlyList<long>? order = node.Ints("perm");
        if (node.Value(0) is IntegerValue integers)
        {
            return ShapeArithmetic.Transpose(integers, order);
        }

        if (node.Value(0) is ConstantValue constant)
        {
            return constant.Dimensions.Count == 2 && constant.Dimensions.All(d => d <= int.MaxValue) && (order is null || order.SequenceEqual([1, 0]))
                ? constant.Transposed()
                : throw new UnsupportedNodeException("of a constant of more than two axes");
        }

        ActivationValue x = node.Activation(0);
        if (order is null || order.Count != x.Rank || order[0] != 0 || !order.Order().SequenceEqual(Enumerable.Range(0, x.Rank).Select(i => (long)i)))
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"by [{string.Join(", ", (order ?? []).Take(8))}]"));
        }

        int[] dimensions = [.. order.Skip(1).Select(axis => x.Dimensions[(int)axis - 1])];
        if (order.SequenceEqual([0, 3, 1, 2]) && x.Order == AxisOrder.ChannelsLast)
        {
            return x with { Dimensions = dimensions, Order = AxisOrder.ChannelsFirst };
        }

        if (order.SequenceEqual([0, 2, 3, 1]) && x.Order == AxisOrder.ChannelsFirst)
        {
            return x with { Dimensions = dimensions, Order = AxisOrder.ChannelsLast };
        }

        return x.Node.Shape.IsVector
            ? x with { Dimensions = dimensions }
            : throw new UnsupportedNodeException(FormattableString.Invariant($"by [{string.Join(", ", order)}]"));
    }

    // Other dimensions of the same values.
    private static ActivationValue View(NodeReader node, ActivationValue x, IReadOnlyList<int> dimensions)
    {
        if (dimensions.SequenceEqual(x.Dimensions))
        {
            return x;
        }

        if (dimensions.Count > MaximumDimensions || dimensions.Count(d => d != 1) > 1)
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"of [N, {string.Join(", ", x.Dimensions)}] to [N, {string.Join(", ", dimensions)}]"));
        }

        if (x.Node.Shape.IsVector)
        {
            return x with { Dimensions = dimensions };
        }

        Node map = Pooling.Adaptive(node, x.Node);
        Node vector = node.State.Append(node.State.Names.Layer(node.Proto), new FlattenOperator(), [map]);
        return new ActivationValue(vector)
        {
            Dimensions = dimensions,
            FlattenedFrom = x.Order == AxisOrder.ChannelsFirst ? map.Shape : null,
        };
    }

    private static bool IsBatch(NodeReader node, IReadOnlyList<long?> target) =>
        target[0] is null or 0 or -1 || target[0] == node.State.Batch;

    private static ConstantValue Constant(NodeReader node, ConstantValue constant, long[] sides)
    {
        long[] dimensions = [.. sides.Select((side, i) => side == 0 && i < constant.Dimensions.Count ? constant.Dimensions[i] : side)];
        int open = Array.IndexOf(dimensions, -1);
        double known = dimensions.Where(d => d >= 0).Aggregate(1.0, (product, side) => product * side);
        if (open >= 0 && known > 0)
        {
            dimensions[open] = (long)(constant.Count / known);
            known *= dimensions[open];
        }

        return known == constant.Count && dimensions.All(d => d >= 0)
            ? constant with { Dimensions = dimensions }
            : throw node.Invalid("a constant cannot have that shape");
    }

    private static List<T> Insert<T>(NodeReader node, IReadOnlyList<T> dimensions, IReadOnlyList<long> axes, T one)
    {
        var result = new List<T>(dimensions);
        int rank = dimensions.Count + axes.Count;
        if (rank > MaximumDimensions + 1)
        {
            throw node.Invalid("there are too many axes");
        }

        foreach (long axis in axes.Select(a => a < 0 ? a + rank : a).Order())
        {
            if (axis < 0 || axis > result.Count)
            {
                throw node.Invalid(FormattableString.Invariant($"there is no place for axis {axis}"));
            }

            result.Insert((int)axis, one);
        }

        return result;
    }

    private static string Text(IReadOnlyList<long?> values) =>
        string.Join(", ", values.Take(10).Select(v => v is { } number ? FormattableString.Invariant($"{number}") : "N"));
}

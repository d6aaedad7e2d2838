using MLClassify.Graphs;
using MLClassify.WeightFiles.Onnx.Protobuf;
using AttributeType = MLClassify.WeightFiles.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>One ONNX node as its converter sees it: attributes, inputs, and the graph under construction.</summary>
/// <param name="state">The import.</param>
/// <param name="proto">The node.</param>
internal sealed class NodeReader(ImportState state, NodeProto proto)
{
    public ImportState State { get; } = state;

    public NodeProto Proto { get; } = proto;

    public GraphBuilder Builder => State.Builder;

    /// <summary>The number of inputs, left-out ones at the end not counted.</summary>
    public int InputCount => Proto.Input.Count;

    public bool Has(int input) => input < Proto.Input.Count && Proto.Input[input].Length > 0;

    /// <summary>An input's value, or null where it is left out.</summary>
    public ImportValue? Value(int input) => Has(input) ? State.Value(Proto, Proto.Input[input]) : null;

    /// <summary>An input that is computed at run time.</summary>
    public ActivationValue Activation(int input) => Value(input) switch
    {
        ActivationValue { IsProbability: true } => throw new UnsupportedNodeException("after a softmax"),
        ActivationValue activation => activation,
        UnknownValue => throw new UnsupportedNodeException(),
        null => throw Invalid(FormattableString.Invariant($"input {input} is missing")),
        _ => throw new UnsupportedNodeException(FormattableString.Invariant($"of a constant input {input}")),
    };

    /// <summary>An input that a layer reads: what was done to the network's input is then settled, and no border may wait.</summary>
    public ActivationValue Settled(int input)
    {
        ActivationValue value = State.Settle(Activation(input));
        return value.Border.IsEmpty ? value : throw new UnsupportedNodeException("after a padding that neither a convolution nor a pooling takes up");
    }

    /// <summary>A map, channels first; its border may wait.</summary>
    public ActivationValue Map(int input)
    {
        ActivationValue value = State.Settle(Activation(input));
        bool isMap = value.Rank == 4 && (value.Order == AxisOrder.ChannelsFirst || value.Node.Shape.IsVector) && value.FlattenedFrom is null
            && value.Dimensions[0] == value.Node.Shape.Channels;
        return isMap ? value : throw new UnsupportedNodeException(FormattableString.Invariant($"of [N, {string.Join(", ", value.Dimensions)}], expected [N, C, H, W]"));
    }

    /// <summary>A map, channels first, without a border.</summary>
    public ActivationValue PlainMap(int input)
    {
        _ = Settled(input);
        return Map(input);
    }

    /// <summary>An input that the file gives.</summary>
    public ConstantValue Constant(int input) => Value(input) switch
    {
        ConstantValue constant => constant,
        UnknownValue => throw new UnsupportedNodeException(),
        null => throw Invalid(FormattableString.Invariant($"input {input} is missing")),
        _ => throw new UnsupportedNodeException(FormattableString.Invariant($"whose input {input} is computed")),
    };

    /// <summary>Whole numbers of an input that the file gives, few of them; null where it is left out.</summary>
    public long[]? Integers(int input)
    {
        if (!Has(input))
        {
            return null;
        }

        if (Value(input) is IntegerValue known && known.Values.All(v => v is not null))
        {
            return [.. known.Values.Select(v => v!.Value)];
        }

        ConstantValue constant = Constant(input);
        return constant.Integers is not null && constant.Count <= ImportState.MaximumIntegers
            ? constant.Integers()
            : throw Invalid(FormattableString.Invariant($"input {input} must be a few whole numbers"));
    }

    /// <summary>One number of an input that the file gives; null where it is left out.</summary>
    public float? Single(int input)
    {
        if (!Has(input))
        {
            return null;
        }

        ConstantValue constant = Constant(input);
        return constant.Count == 1 ? constant.Singles()[0] : throw Invalid(FormattableString.Invariant($"input {input} must be one number"));
    }

    public long Int(string name, long usual) => Attribute(name, AttributeType.Int)?.I ?? usual;

    public float Float(string name, float usual) => Attribute(name, AttributeType.Float)?.F ?? usual;

    public string Text(string name, string usual) => Attribute(name, AttributeType.String)?.S.ToStringUtf8() ?? usual;

    public IReadOnlyList<long>? Ints(string name) => Attribute(name, AttributeType.Ints)?.Ints;

    /// <summary>Whole numbers of an attribute, or of the input that took its place in a later version.</summary>
    public IReadOnlyList<long>? IntsOrInput(string name, int input) => Ints(name) ?? Integers(input);

    /// <summary>Two numbers, for rows and columns, of an attribute that defaults to one for both.</summary>
    public (int Y, int X) Pair(string name, int usual)
    {
        IReadOnlyList<long>? values = Ints(name);
        return values is null ? (usual, usual)
            : values.Count == 2 ? (Size(values[0], name, 1), Size(values[1], name, 1))
            : throw new UnsupportedNodeException(FormattableString.Invariant($"in {values.Count} dimensions"));
    }

    /// <summary>A number of the file as a size.</summary>
    public int Size(long value, string what, int from = 0) => value >= from && value <= int.MaxValue
        ? (int)value
        : throw Invalid(FormattableString.Invariant($"{what} is {value}, expected {from} to {int.MaxValue}"));

    /// <summary>The explicit or automatic border of a window.</summary>
    /// <param name="input">The map.</param>
    /// <param name="kernel">The window's sides.</param>
    /// <param name="stride">The window's steps.</param>
    public Border Pads(Shape input, (int Y, int X) kernel, (int Y, int X) stride)
    {
        string automatic = Text("auto_pad", "NOTSET");
        switch (automatic)
        {
            case "NOTSET":
                IReadOnlyList<long> pads = Ints("pads") ?? [0, 0, 0, 0];
                return pads.Count == 4
                    ? new Border(Size(pads[0], "pads"), Size(pads[1], "pads"), Size(pads[2], "pads"), Size(pads[3], "pads"))
                    : throw new UnsupportedNodeException(FormattableString.Invariant($"with {pads.Count} pads"));
            case "VALID":
                return default;
            case "SAME_UPPER" or "SAME_LOWER":
                (int y, int x) = (Missing(input.Height, kernel.Y, stride.Y), Missing(input.Width, kernel.X, stride.X));
                (int top, int left) = automatic == "SAME_UPPER" ? (y / 2, x / 2) : (y - (y / 2), x - (x / 2));
                return new Border(top, left, y - top, x - left);
            default:
                throw new UnsupportedNodeException($"with auto_pad {automatic}");
        }
    }

    public InvalidWeightsException Invalid(string problem) =>
        new(State.File, $"node '{InvalidWeightsException.Shorten(Proto.Name)}' ({InvalidWeightsException.Shorten(Proto.OpType)}): {problem}");

    private static int Missing(int side, int kernel, int stride) =>
        (int)Math.Min(int.MaxValue / 4, Math.Max(0, (((((long)side + stride - 1) / stride) - 1) * stride) + kernel - side));

    private AttributeProto? Attribute(string name, AttributeType type)
    {
        AttributeProto? attribute = Proto.Find(name);
        return attribute is null || attribute.Type == type || attribute.Type == AttributeType.Undefined
            ? attribute
            : throw Invalid(FormattableString.Invariant($"attribute {name} is of type {attribute.Type}, expected {type}"));
    }
}

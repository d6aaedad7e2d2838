using MLClassify.Graphs;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>What a name in an ONNX graph stands for while the graph is read.</summary>
internal abstract record ImportValue;

/// <summary>The result of a node that could not be converted: whatever reads it is neither converted nor reported.</summary>
internal sealed record UnknownValue : ImportValue
{
    public static UnknownValue Instance { get; } = new();
}

/// <summary>Whole numbers that a shape is computed from; null stands for the batch, which a graph does not know.</summary>
/// <param name="Values">The numbers, the last dimension's side by side.</param>
/// <param name="Dimensions">Their dimensions; none for one number.</param>
internal sealed record IntegerValue(IReadOnlyList<long?> Values, IReadOnlyList<int> Dimensions) : ImportValue
{
    /// <summary>A list of numbers.</summary>
    public static IntegerValue List(params IReadOnlyList<long?> values) => new(values, [values.Count]);
}

/// <summary>In which order ONNX counts an activation's dimensions after the batch.</summary>
internal enum AxisOrder
{
    /// <summary>Channels, rows, columns, as PyTorch has them.</summary>
    ChannelsFirst,

    /// <summary>Rows, columns, channels, as TensorFlow has them.</summary>
    ChannelsLast,
}

/// <summary>Zeros around a map that wait for the layer that takes them up.</summary>
internal readonly record struct Border(int Top, int Left, int Bottom, int Right)
{
    public bool IsEmpty => this == default;

    public static Border operator +(Border a, Border b) =>
        checked(new(a.Top + b.Top, a.Left + b.Left, a.Bottom + b.Bottom, a.Right + b.Right));
}

/// <summary>What is computed at run time: a node of the graph under construction, and how ONNX sees it.</summary>
internal sealed record ActivationValue(Node Node) : ImportValue
{
    /// <summary>The dimensions after the batch, as ONNX counts them: those of a map, or a vector's features among ones.</summary>
    public required IReadOnlyList<int> Dimensions { get; init; }

    /// <summary>The order of a map's dimensions.</summary>
    public AxisOrder Order { get; init; }

    /// <summary>For a vector that was a map: the map, whose channels ONNX counts first; null where both count alike.</summary>
    public Shape? FlattenedFrom { get; init; }

    /// <summary>Zeros that ONNX has put around the map and the graph not yet.</summary>
    public Border Border { get; init; }

    /// <summary>Of which rows and columns ONNX has dropped all but every n-th, and the graph not yet: both alike make a layer.</summary>
    public (int Y, int X) Steps { get; init; } = (1, 1);

    /// <summary>For the input: the factors and offsets that ONNX has applied and the graph does not; null for none.</summary>
    public InputScaling? Scaling { get; init; }

    /// <summary>Whether a softmax has been left out.</summary>
    public bool IsProbability { get; init; }

    /// <summary>The number of ONNX dimensions, the batch included.</summary>
    public int Rank => Dimensions.Count + 1;

    /// <summary>A map as PyTorch has it, <c>[N, C, H, W]</c>.</summary>
    public static ActivationValue Map(Node node) =>
        new(node) { Dimensions = [node.Shape.Channels, node.Shape.Height, node.Shape.Width] };

    /// <summary>A map in either order.</summary>
    public static ActivationValue Map(Node node, AxisOrder order) => order == AxisOrder.ChannelsFirst
        ? Map(node)
        : new(node) { Dimensions = [node.Shape.Height, node.Shape.Width, node.Shape.Channels], Order = order };

    /// <summary>A vector, <c>[N, F]</c>.</summary>
    public static ActivationValue Vector(Node node) => new(node) { Dimensions = [node.Shape.Channels] };

    /// <summary>The same dimensions and order for another node of the same shape.</summary>
    public ActivationValue With(Node node) => this with { Node = node };
}

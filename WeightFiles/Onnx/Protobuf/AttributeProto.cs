namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>What an attribute holds, <c>AttributeProto.AttributeType</c>; the numbers are the schema's.</summary>
internal enum AttributeType
{
    Undefined = 0,
    Float = 1,
    Int = 2,
    String = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Ints = 7,
    Strings = 8,
    Tensors = 9,
    Graphs = 10,
}

/// <summary>An operator's setting, <c>AttributeProto</c>. Graphs and lists of tensors are not read: the type alone says that they are there.</summary>
internal sealed record AttributeProto
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it holds. Files of IR version 1 may leave it undefined.</summary>
    public required AttributeType Type { get; init; }

    /// <summary>A number.</summary>
    public float Float { get; init; }

    /// <summary>A whole number.</summary>
    public long Int { get; init; }

    /// <summary>A text; bytes that are not UTF-8 become the replacement character.</summary>
    public string String { get; init; } = "";

    /// <summary>A tensor, or null.</summary>
    public TensorProto? Tensor { get; init; }

    /// <summary>Numbers.</summary>
    public IReadOnlyList<float> Floats { get; init; } = [];

    /// <summary>Whole numbers.</summary>
    public IReadOnlyList<long> Ints { get; init; } = [];

    /// <summary>Texts.</summary>
    public IReadOnlyList<string> Strings { get; init; } = [];

    public static AttributeProto Of(string name, long value) => new() { Name = name, Type = AttributeType.Int, Int = value };

    public static AttributeProto Of(string name, float value) => new() { Name = name, Type = AttributeType.Float, Float = value };

    public static AttributeProto Of(string name, string value) => new() { Name = name, Type = AttributeType.String, String = value };

    public static AttributeProto Of(string name, IReadOnlyList<long> values) => new() { Name = name, Type = AttributeType.Ints, Ints = values };

    public static AttributeProto Of(string name, IReadOnlyList<float> values) => new() { Name = name, Type = AttributeType.Floats, Floats = values };
}

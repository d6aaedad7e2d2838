namespace MLClassify.WeightFiles.Onnx.Protobuf;

// The messages of ONNX (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), as far as a classifier needs them. Fields keep the
// schema's names where .NET's conventions allow; the field numbers are in ModelReader and ModelWriter.

/// <summary>A whole model, <c>ModelProto</c>.</summary>
internal sealed record ModelProto
{
    /// <summary>The version of the file format itself.</summary>
    public required long IrVersion { get; init; }

    /// <summary>The program that wrote it.</summary>
    public string ProducerName { get; init; } = "";

    /// <summary>That program's version.</summary>
    public string ProducerVersion { get; init; } = "";

    /// <summary>What it is, for people.</summary>
    public string DocString { get; init; } = "";

    /// <summary>The sets of operators that it uses.</summary>
    public required IReadOnlyList<OperatorSet> OpsetImports { get; init; }

    /// <summary>Keys and values that the schema leaves to the writer, in the file's order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>The network.</summary>
    public required GraphProto Graph { get; init; }

    /// <summary>The version of ONNX's own set of operators, or null when the model names none.</summary>
    public long? Opset => OpsetImports.FirstOrDefault(s => s.Domain is "" or "ai.onnx")?.Version;
}

/// <summary>A set of operators, <c>OperatorSetIdProto</c>; ONNX's own has the domain "".</summary>
/// <param name="Domain">Whose operators.</param>
/// <param name="Version">Which version of them.</param>
internal sealed record OperatorSet(string Domain, long Version);

/// <summary>A network, <c>GraphProto</c>.</summary>
internal sealed record GraphProto
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is, for people.</summary>
    public string DocString { get; init; } = "";

    /// <summary>The operations; each comes after those that it depends on.</summary>
    public required IReadOnlyList<NodeProto> Nodes { get; init; }

    /// <summary>Constant tensors: weights, and shapes.</summary>
    public required IReadOnlyList<TensorProto> Initializers { get; init; }

    /// <summary>The inputs. Files of IR version 3 also list the initializers here.</summary>
    public required IReadOnlyList<ValueInfoProto> Inputs { get; init; }

    /// <summary>The outputs.</summary>
    public required IReadOnlyList<ValueInfoProto> Outputs { get; init; }

    /// <summary>Whether there are sparse initializers (field 15), which are not read.</summary>
    public bool HasSparseInitializers { get; init; }
}

/// <summary>One operation, <c>NodeProto</c>.</summary>
internal sealed record NodeProto
{
    /// <summary>Its name; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The operator.</summary>
    public required string OpType { get; init; }

    /// <summary>Whose operator; "" is ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The names of the values that it reads; "" stands for an optional one that is left out.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The names of the values that it makes.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>The operator's settings.</summary>
    public IReadOnlyList<AttributeProto> Attributes { get; init; } = [];

    /// <summary>An attribute by name, or null.</summary>
    /// <param name="name">The name.</param>
    public AttributeProto? Attribute(string name) => Attributes.FirstOrDefault(a => a.Name == name);
}

/// <summary>The name and type of a value, <c>ValueInfoProto</c>; tensors only.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="ElementType">The type of its elements; undefined when it is no tensor.</param>
/// <param name="Dimensions">Its dimensions; null when the file does not say.</param>
internal sealed record ValueInfoProto(string Name, TensorDataType ElementType, IReadOnlyList<DimensionProto>? Dimensions);

/// <summary>A dimension: a number, a name for one that may vary, or neither.</summary>
/// <param name="Value">The number, or null.</param>
/// <param name="Parameter">The name, or null.</param>
internal sealed record DimensionProto(long? Value, string? Parameter = null);

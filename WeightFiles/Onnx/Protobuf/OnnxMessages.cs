using Google.Protobuf;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

// What the classes that are generated from onnx.proto have beside their fields.

/// <summary>A whole model.</summary>
internal sealed partial class ModelProto
{
    /// <summary>The version of ONNX's own set of operators, or null when the model names none.</summary>
    public long? Opset => OpsetImport.FirstOrDefault(s => s.Domain is "" or "ai.onnx")?.Version;
}

/// <summary>One operation.</summary>
internal sealed partial class NodeProto
{
    /// <summary>An attribute by name, or null.</summary>
    /// <param name="name">The name.</param>
    public AttributeProto? Find(string name) => Attribute.FirstOrDefault(a => a.Name == name);
}

/// <summary>A setting of an operation.</summary>
internal sealed partial class AttributeProto
{
    /// <summary>A number.</summary>
    public static AttributeProto Of(string name, long value) => new() { Name = name, Type = Types.AttributeType.Int, I = value };

    /// <summary>A number of single precision.</summary>
    public static AttributeProto Of(string name, float value) => new() { Name = name, Type = Types.AttributeType.Float, F = value };

    /// <summary>A text.</summary>
    public static AttributeProto Of(string name, string value) =>
        new() { Name = name, Type = Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    /// <summary>Numbers.</summary>
    public static AttributeProto Of(string name, IReadOnlyList<long> values) =>
        new() { Name = name, Type = Types.AttributeType.Ints, Ints = { values } };
}

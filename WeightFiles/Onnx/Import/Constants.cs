using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>Constants among the nodes.</summary>
internal static class Constants
{
    public static ImportValue Constant(NodeReader node)
    {
        AttributeProto attribute = node.Proto.Attributes.FirstOrDefault(a => a.Name.StartsWith("value", StringComparison.Ordinal))
            ?? throw new UnsupportedNodeException("without a tensor of numbers");
        return attribute.Name switch
        {
            "value" when attribute.Tensor is { } tensor => ConstantValue.Of(node.State.Resolve(tensor)),
            "value_float" => ConstantValue.Of([attribute.Float], isScalar: true),
            "value_floats" => ConstantValue.Of([.. attribute.Floats], isScalar: false),
            "value_int" => ConstantValue.Of([attribute.Int], isScalar: true),
            "value_ints" => ConstantValue.Of([.. attribute.Ints], isScalar: false),
            _ => throw new UnsupportedNodeException($"of {attribute.Name}"),
        };
    }

    /// <summary>Every number is a float32 here, so that a change of type does nothing to what is computed.</summary>
    public static ImportValue Cast(NodeReader node)
    {
        ImportValue value = node.Value(0) ?? throw node.Invalid("input 0 is missing");
        var type = (TensorDataType)node.Int("to", 0);
        bool isFloat = type is TensorDataType.Float or TensorDataType.Double or TensorDataType.Float16 or TensorDataType.BFloat16;
        return value is not ActivationValue || isFloat
            ? value
            : throw new UnsupportedNodeException($"of what is computed to {type}");
    }
}

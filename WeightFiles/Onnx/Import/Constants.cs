using MLClassify.WeightFiles.Onnx.Protobuf;
using DataType = MLClassify.WeightFiles.Onnx.Protobuf.TensorProto.Types.DataType;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>Constants among the nodes.</summary>
internal static class Constants
{
    public static ImportValue Constant(NodeReader node)
    {
        AttributeProto attribute = node.Proto.Attribute.FirstOrDefault(a => a.Name.StartsWith("value", StringComparison.Ordinal))
            ?? throw new UnsupportedNodeException("without a tensor of numbers");
        return attribute.Name switch
        {
            "value" when attribute.T is { } tensor => ConstantValue.Of(node.State.Resolve(tensor)),
            "value_float" => ConstantValue.Of([attribute.F], isScalar: true),
            "value_floats" => ConstantValue.Of([.. attribute.Floats], isScalar: false),
            "value_int" => ConstantValue.Of([attribute.I], isScalar: true),
            "value_ints" => ConstantValue.Of([.. attribute.Ints], isScalar: false),
            _ => throw new UnsupportedNodeException($"of {attribute.Name}"),
        };
    }

    /// <summary>Every number is a float32 here, so that a change of type does nothing to what is computed.</summary>
    public static ImportValue Cast(NodeReader node)
    {
        ImportValue value = node.Value(0) ?? throw node.Invalid("input 0 is missing");
        var type = (DataType)node.Int("to", 0);
        bool isFloat = type is DataType.Float or DataType.Double or DataType.Float16 or DataType.Bfloat16;
        return value is not ActivationValue || isFloat
            ? value
            : throw new UnsupportedNodeException($"of what is computed to {type}");
    }
}

using DataType = MLClassify.WeightFiles.Onnx.Protobuf.TensorProto.Types.DataType;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>The fields of <see cref="TensorProto"/> that hold elements, by their numbers.</summary>
internal enum TensorField
{
    FloatData = TensorProto.FloatDataFieldNumber,
    Int32Data = TensorProto.Int32DataFieldNumber,
    Int64Data = TensorProto.Int64DataFieldNumber,
    RawData = TensorProto.RawDataFieldNumber,
    DoubleData = TensorProto.DoubleDataFieldNumber,
    UInt64Data = TensorProto.Uint64DataFieldNumber,
}

/// <summary>How the element types relate to ours, and to the fields that may hold them.</summary>
internal static class TensorDataTypes
{
    /// <summary>Our name of a type, or null for a type that no weight can have.</summary>
    public static ElementType? ToElementType(DataType type) => type switch
    {
        DataType.Float => ElementType.F32,
        DataType.Uint8 => ElementType.U8,
        DataType.Int8 => ElementType.I8,
        DataType.Uint16 => ElementType.U16,
        DataType.Int16 => ElementType.I16,
        DataType.Int32 => ElementType.I32,
        DataType.Int64 => ElementType.I64,
        DataType.Bool => ElementType.Bool,
        DataType.Float16 => ElementType.F16,
        DataType.Double => ElementType.F64,
        DataType.Uint32 => ElementType.U32,
        DataType.Uint64 => ElementType.U64,
        DataType.Bfloat16 => ElementType.BF16,
        _ => null,
    };

    /// <summary>The typed field that holds elements of a type when they are not raw.</summary>
    public static TensorField? FieldOf(DataType type) => type switch
    {
        DataType.Float => TensorField.FloatData,
        DataType.Double => TensorField.DoubleData,
        DataType.Int64 => TensorField.Int64Data,
        DataType.Uint32 or DataType.Uint64 => TensorField.UInt64Data,
        _ => ToElementType(type) is null ? null : TensorField.Int32Data,
    };
}

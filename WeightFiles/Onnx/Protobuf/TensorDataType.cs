namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>The type of a tensor's elements, <c>TensorProto.DataType</c>; the numbers are the schema's, which has more.</summary>
internal enum TensorDataType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
}

/// <summary>Where <c>TensorProto</c> keeps elements; the numbers are the fields'.</summary>
internal enum TensorField
{
    FloatData = 4,
    Int32Data = 5,
    Int64Data = 7,
    RawData = 9,
    DoubleData = 10,
    UInt64Data = 11,
}

/// <summary>How the element types relate to ours, and to the fields that may hold them.</summary>
internal static class TensorDataTypes
{
    /// <summary>Our name of a type, or null where it is none that a weight can have.</summary>
    public static ElementType? ToElementType(TensorDataType type) => type switch
    {
        TensorDataType.Float => ElementType.F32,
        TensorDataType.UInt8 => ElementType.U8,
        TensorDataType.Int8 => ElementType.I8,
        TensorDataType.UInt16 => ElementType.U16,
        TensorDataType.Int16 => ElementType.I16,
        TensorDataType.Int32 => ElementType.I32,
        TensorDataType.Int64 => ElementType.I64,
        TensorDataType.Bool => ElementType.Bool,
        TensorDataType.Float16 => ElementType.F16,
        TensorDataType.Double => ElementType.F64,
        TensorDataType.UInt32 => ElementType.U32,
        TensorDataType.UInt64 => ElementType.U64,
        TensorDataType.BFloat16 => ElementType.BF16,
        _ => null,
    };

    /// <summary>The typed field in which elements of a type lie when they are not raw.</summary>
    public static TensorField? FieldOf(TensorDataType type) => type switch
    {
        TensorDataType.Float => TensorField.FloatData,
        TensorDataType.Double => TensorField.DoubleData,
        TensorDataType.Int64 => TensorField.Int64Data,
        TensorDataType.UInt32 or TensorDataType.UInt64 => TensorField.UInt64Data,
        _ => ToElementType(type) is null ? null : TensorField.Int32Data,
    };
}

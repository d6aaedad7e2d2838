using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MLClassify.Networks.Weights;

/// <summary>Names, sizes and conversion of stored values, which are little-endian.</summary>
internal static class ElementTypes
{
    public static string AllNames { get; } = string.Join(", ", Enum.GetValues<ElementType>().Select(NameOf));

    public static int SizeOf(ElementType type) => type switch
    {
        ElementType.Bool or ElementType.U8 or ElementType.I8 => 1,
        ElementType.U16 or ElementType.I16 or ElementType.F16 or ElementType.BF16 => 2,
        ElementType.U32 or ElementType.I32 or ElementType.F32 => 4,
        ElementType.U64 or ElementType.I64 or ElementType.F64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an element type"),
    };

    public static string NameOf(ElementType type) => type == ElementType.Bool ? "BOOL" : type.ToString();

    public static ElementType? Parse(string name)
    {
        foreach (ElementType type in Enum.GetValues<ElementType>())
        {
            if (NameOf(type) == name)
            {
                return type;
            }
        }

        return null;
    }

    /// <summary>Converts stored values to float32, to the nearest where they do not fit exactly.</summary>
    /// <param name="type">The stored type.</param>
    /// <param name="bytes">The stored values.</param>
    /// <param name="values">As many float32 values.</param>
    public static void ToSingle(ElementType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (type == ElementType.F32 && BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
            return;
        }

        int size = SizeOf(type);
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> at = bytes.Slice(i * size, size);
            values[i] = type switch
            {
                ElementType.Bool => at[0] == 0 ? 0 : 1,
                ElementType.U8 => at[0],
                ElementType.I8 => (sbyte)at[0],
                ElementType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
                ElementType.I16 => BinaryPrimitives.ReadInt16LittleEndian(at),
                ElementType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
                ElementType.I32 => BinaryPrimitives.ReadInt32LittleEndian(at),
                ElementType.U64 => BinaryPrimitives.ReadUInt64LittleEndian(at),
                ElementType.I64 => BinaryPrimitives.ReadInt64LittleEndian(at),
                ElementType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
                ElementType.BF16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(at) << 16),
                ElementType.F64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
                _ => BinaryPrimitives.ReadSingleLittleEndian(at),
            };
        }
    }
}

using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MLClassify.WeightFiles;

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

        Convert(type, bytes, values);
    }

    /// <summary>Converts stored whole numbers; those of 64 bits without a sign keep their bits.</summary>
    /// <param name="type">The stored type: none of floating point.</param>
    /// <param name="bytes">The stored values.</param>
    /// <param name="values">As many numbers.</param>
    public static void ToInt64(ElementType type, ReadOnlySpan<byte> bytes, Span<long> values) => Convert(type, bytes, values);

    private static void Convert<T>(ElementType type, ReadOnlySpan<byte> bytes, Span<T> values)
        where T : INumber<T>
    {
        int size = SizeOf(type);
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> at = bytes.Slice(i * size, size);
            values[i] = type switch
            {
                ElementType.Bool => at[0] == 0 ? T.Zero : T.One,
                ElementType.U8 => T.CreateTruncating(at[0]),
                ElementType.I8 => T.CreateTruncating((sbyte)at[0]),
                ElementType.U16 => T.CreateTruncating(BinaryPrimitives.ReadUInt16LittleEndian(at)),
                ElementType.I16 => T.CreateTruncating(BinaryPrimitives.ReadInt16LittleEndian(at)),
                ElementType.U32 => T.CreateTruncating(BinaryPrimitives.ReadUInt32LittleEndian(at)),
                ElementType.I32 => T.CreateTruncating(BinaryPrimitives.ReadInt32LittleEndian(at)),
                ElementType.U64 => T.CreateTruncating(BinaryPrimitives.ReadUInt64LittleEndian(at)),
                ElementType.I64 => T.CreateTruncating(BinaryPrimitives.ReadInt64LittleEndian(at)),
                ElementType.F16 => T.CreateTruncating(BinaryPrimitives.ReadHalfLittleEndian(at)),
                ElementType.BF16 => T.CreateTruncating(BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(at) << 16)),
                ElementType.F64 => T.CreateTruncating(BinaryPrimitives.ReadDoubleLittleEndian(at)),
                _ => T.CreateTruncating(BinaryPrimitives.ReadSingleLittleEndian(at)),
            };
        }
    }

    /// <summary>Converts float32 values to a stored floating-point type, to the nearest and from the middle to the even one.</summary>
    /// <param name="type">The stored type: F16, BF16, F32 or F64.</param>
    /// <param name="values">The values.</param>
    /// <param name="bytes">As many stored values.</param>
    /// <returns>The index of the first finite value that the type cannot hold, or -1.</returns>
    public static int FromSingle(ElementType type, ReadOnlySpan<float> values, Span<byte> bytes)
    {
        if (type == ElementType.F32 && BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(bytes);
            return -1;
        }

        int size = SizeOf(type);
        for (int i = 0; i < values.Length; i++)
        {
            Span<byte> at = bytes.Slice(i * size, size);
            float value = values[i];
            bool isLost = false;
            switch (type)
            {
                case ElementType.F16:
                    var half = (Half)value;
                    isLost = Half.IsInfinity(half) && float.IsFinite(value);
                    BinaryPrimitives.WriteHalfLittleEndian(at, half);
                    break;
                case ElementType.BF16:
                    ushort upper = UpperHalf(value);
                    isLost = (upper & 0x7FFF) == 0x7F80 && float.IsFinite(value);
                    BinaryPrimitives.WriteUInt16LittleEndian(at, upper);
                    break;
                case ElementType.F64:
                    BinaryPrimitives.WriteDoubleLittleEndian(at, value);
                    break;
                default:
                    BinaryPrimitives.WriteSingleLittleEndian(at, value);
                    break;
            }

            if (isLost)
            {
                return i;
            }
        }

        return -1;
    }

    // Adding half of the last place that stays, less one where the number is even already, carries into the exponent as it should; a
    // number that is none would carry into infinity.
    private static ushort UpperHalf(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}

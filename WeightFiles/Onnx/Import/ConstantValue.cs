using MLClassify.WeightFiles.Onnx.Protobuf;
using DataType = MLClassify.WeightFiles.Onnx.Protobuf.TensorProto.Types.DataType;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>A constant tensor. Its elements are read when they are asked for.</summary>
/// <param name="Name">The name of the initializer; empty for one that has none.</param>
/// <param name="Dimensions">Its dimensions, outermost first.</param>
internal sealed record ConstantValue(string Name, IReadOnlyList<long> Dimensions) : ImportValue
{
    /// <summary>Gives the elements as float32.</summary>
    public required Func<float[]> Singles { get; init; }

    /// <summary>Gives the elements as whole numbers; null where they are none.</summary>
    public Func<long[]>? Integers { get; init; }

    /// <summary>The number of elements.</summary>
    public long Count => Dimensions.Aggregate(1L, (product, dimension) => checked(product * dimension));

    /// <summary>A tensor of the file.</summary>
    public static ConstantValue Of(TensorProto tensor) => new(tensor.Name, tensor.Dims)
    {
        Singles = () =>
        {
            float[] values = new float[tensor.Count];
            tensor.ReadSingles(values);
            return values;
        },
        Integers = IsInteger(tensor.DataType)
            ? () =>
            {
                long[] values = new long[tensor.Count];
                tensor.ReadInt64s(values);
                return values;
            }
        : null,
    };

    /// <summary>Numbers of an attribute.</summary>
    public static ConstantValue Of(float[] values, bool isScalar) =>
        new("", isScalar ? [] : [values.Length]) { Singles = () => values };

    /// <summary>Whole numbers of an attribute.</summary>
    public static ConstantValue Of(long[] values, bool isScalar) => new("", isScalar ? [] : [values.Length])
    {
        Singles = () => [.. values.Select(v => (float)v)],
        Integers = () => values,
    };

    /// <summary>The transposed matrix.</summary>
    public ConstantValue Transposed()
    {
        int rows = checked((int)Dimensions[0]);
        int columns = checked((int)Dimensions[1]);
        return this with { Dimensions = [columns, rows], Singles = () => Transpose(Singles(), rows, columns), Integers = null };
    }

    private static float[] Transpose(float[] values, int rows, int columns)
    {
        float[] result = new float[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                result[((long)column * rows) + row] = values[((long)row * columns) + column];
            }
        }

        return result;
    }

    private static bool IsInteger(DataType type) =>
        type is DataType.Int64 or DataType.Int32 or DataType.Int16 or DataType.Int8 or DataType.Uint8
            or DataType.Uint16 or DataType.Uint32 or DataType.Uint64 or DataType.Bool;
}

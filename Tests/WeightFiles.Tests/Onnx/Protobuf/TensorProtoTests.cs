using System.Buffers.Binary;
using MLClassify.Graphs;
using MLClassify.WeightFiles.Onnx.Protobuf;
using DataType = MLClassify.WeightFiles.Onnx.Protobuf.TensorProto.Types.DataType;

namespace MLClassify.WeightFiles.Tests.Onnx.Protobuf;

public sealed class TensorProtoTests
{
    [Theory]
    [InlineData(DataType.Uint8, new byte[] { 1, 255 }, new float[] { 1, 255 })]
    [InlineData(DataType.Int8, new byte[] { 1, 255 }, new float[] { 1, -1 })]
    [InlineData(DataType.Bool, new byte[] { 0, 1 }, new float[] { 0, 1 })]
    [InlineData(DataType.Uint16, new byte[] { 1, 2, 255, 255 }, new float[] { 513, 65535 })]
    [InlineData(DataType.Int16, new byte[] { 1, 2, 255, 255 }, new float[] { 513, -1 })]
    [InlineData(DataType.Float16, new byte[] { 0, 0x3C, 0, 0xC0 }, new float[] { 1, -2 })]
    [InlineData(DataType.Bfloat16, new byte[] { 0x80, 0x3F, 0, 0xC0 }, new float[] { 1, -2 })]
    [InlineData(DataType.Int32, new byte[] { 1, 0, 0, 0, 254, 255, 255, 255 }, new float[] { 1, -2 })]
    [InlineData(DataType.Uint32, new byte[] { 1, 0, 0, 0, 0, 0, 0, 128 }, new float[] { 1, 2147483648 })]
    [InlineData(DataType.Float, new byte[] { 0, 0, 128, 63, 0, 0, 0, 192 }, new float[] { 1, -2 })]
    [InlineData(DataType.Int64, new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 254, 255, 255, 255, 255, 255, 255, 255 }, new float[] { 1, -2 })]
    [InlineData(DataType.Double, new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 }, new float[] { 1, -2 })]
    public void ReadSingles_Raw_ConvertsEveryType(object type, byte[] raw, float[] expected) =>
        Assert.Equal(expected, Read(tensor =>
        {
            tensor.Int64(1, 2);
            tensor.Int64(2, (long)(DataType)type);
            tensor.Bytes((int)TensorField.RawData, raw);
        }));

    [Theory]
    [InlineData(DataType.Uint8, TensorField.Int32Data, new long[] { 1, 255 }, new float[] { 1, 255 })]
    [InlineData(DataType.Int8, TensorField.Int32Data, new long[] { 1, -1 }, new float[] { 1, -1 })]
    [InlineData(DataType.Bool, TensorField.Int32Data, new long[] { 0, 1 }, new float[] { 0, 1 })]
    [InlineData(DataType.Int16, TensorField.Int32Data, new long[] { 513, -1 }, new float[] { 513, -1 })]
    [InlineData(DataType.Int32, TensorField.Int32Data, new long[] { 1, -2 }, new float[] { 1, -2 })]
    [InlineData(DataType.Float16, TensorField.Int32Data, new long[] { 0x3C00, 0xC000 }, new float[] { 1, -2 })]
    [InlineData(DataType.Bfloat16, TensorField.Int32Data, new long[] { 0x3F80, 0xC000 }, new float[] { 1, -2 })]
    [InlineData(DataType.Int64, TensorField.Int64Data, new long[] { 1, -2 }, new float[] { 1, -2 })]
    [InlineData(DataType.Uint32, TensorField.UInt64Data, new long[] { 1, 2147483648 }, new float[] { 1, 2147483648 })]
    [InlineData(DataType.Uint64, TensorField.UInt64Data, new long[] { 1, 2147483648 }, new float[] { 1, 2147483648 })]
    public void ReadSingles_TypedField_ReadsPackedAndSingleNumbers(object type, object field, long[] values, float[] expected)
    {
        int number = (int)(TensorField)field;
        void Head(FieldWriter tensor)
        {
            tensor.Int64(1, 2);
            tensor.Int64(2, (long)(DataType)type);
        }

        Assert.Equal(expected, Read(tensor =>
        {
            Head(tensor);
            tensor.Bytes(number, OnnxBytes.Varints(values));
        }));
        Assert.Equal(expected, Read(tensor =>
        {
            tensor.Int64(number, values[0]);
            Head(tensor);
            tensor.Bytes(number, OnnxBytes.Varints(values[1]));
        }));
    }

    [Fact]
    public void ReadSingles_FloatAndDoubleData_ReadsPackedAndSingleNumbers()
    {
        byte[] two = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(two, 2);
        Assert.Equal([1.5f, 2.5f], Read(tensor =>
        {
            tensor.Single(4, 1.5f);
            tensor.Single(4, 2.5f);
            tensor.Bytes(1, OnnxBytes.Varints(1, 2));
            tensor.Int64(2, 1);
        }));
        Assert.Equal([2f, 2f], Read(tensor =>
        {
            tensor.Int64(1, 2);
            tensor.Int64(2, (long)DataType.Double);
            tensor.Bytes(10, two);
            tensor.Bytes(10, two);
        }));
    }

    [Fact]
    public void ReadInt64s_WholeNumbers_KeepsAllBits()
    {
        using OnnxFile file = OnnxBytes.Open(OnnxBytes.WithTensor(tensor =>
        {
            tensor.Int64(1, 2);
            tensor.Int64(2, 7);
            tensor.Bytes(7, OnnxBytes.Varints(long.MaxValue, long.MinValue));
        }));
        long[] values = new long[2];
        file.Model.Graph.Initializer[0].ReadInt64s(values);
        Assert.Equal([long.MaxValue, long.MinValue], values);
    }

    [Fact]
    public void Read_ManyBlocks_GivesEveryElement()
    {
        float[] expected = [.. Enumerable.Range(0, 50_000).Select(i => i * 0.5f)];
        var model = new ModelProto
        {
            IrVersion = 8,
            Graph = new GraphProto { Initializer = { TensorProto.Of("w", [50_000], () => expected) } },
        };
        using OnnxFile file = OnnxBytes.Open(OnnxBytes.Write(model));
        float[] values = new float[50_000];
        file.Model.Graph.Initializer[0].ReadSingles(values);
        Assert.Equal(expected, values);
    }

    // One packed piece longer than a block, one shorter, and numbers on their own.
    [Fact]
    public void ReadInt64s_ManyPieces_GivesEveryElement()
    {
        long[] expected = [.. Enumerable.Range(0, 50_000).Select(i => (long)i * i * (i % 2 == 0 ? 1 : -1))];
        using OnnxFile file = OnnxBytes.Open(OnnxBytes.WithTensor(tensor =>
        {
            tensor.Int64(1, expected.Length);
            tensor.Int64(2, 7);
            tensor.Bytes(7, OnnxBytes.Varints(expected[..40_000]));
            tensor.Bytes(7, OnnxBytes.Varints(expected[40_000..42_000]));
            foreach (long value in expected[42_000..])
            {
                tensor.Int64(7, value);
            }
        }));
        long[] values = new long[expected.Length];
        file.Model.Graph.Initializer[0].ReadInt64s(values);
        Assert.Equal(expected, values);
    }

    [Fact]
    public void Read_ExternalData_IsKeptAsItStands()
    {
        using OnnxFile file = OnnxBytes.Open(OnnxBytes.WithTensor(tensor =>
        {
            tensor.Int64(1, 1L << 40);
            tensor.Int64(2, 1);
            tensor.String(8, "w");
            tensor.Message(13, OnnxBytes.Writer(entry =>
            {
                entry.String(1, "location");
                entry.String(2, "../../etc/passwd");
            }));
            tensor.Int64(14, 1);
        }));
        TensorProto tensor = file.Model.Graph.Initializer[0];
        Assert.True(tensor.IsExternal);
        Assert.Equal(new StringStringEntryProto { Key = "location", Value = "../../etc/passwd" }, Assert.Single(tensor.ExternalData));
        tensor.Dims.Clear();
        Assert.Throws<InvalidOperationException>(() => tensor.ReadSingles(new float[1]));
    }

    [Theory]
    [InlineData("1:-1 2:1", "a dimension is negative")]
    [InlineData("1:1099511627776 1:1099511627776 2:1", "the number of elements overflows")]
    [InlineData("1:0 1:1099511627776 1:1099511627776 2:1", "the number of elements overflows")]
    [InlineData("1:1099511627776 2:1 9:b4", "the number of bytes does not fit [1099511627776]: expected 4398046511104, found 4")]
    [InlineData("1:4611686018427387904 2:1 9:b4", "the number of bytes does not fit")]
    [InlineData("1:1099511627776 2:7 7:b4", "too few elements: expected 1099511627776")]
    [InlineData("1:2 2:1 9:b4", "the number of bytes does not fit [2]: expected 8, found 4")]
    [InlineData("1:2 2:1 9:b4 9:b4", "raw elements twice")]
    [InlineData("1:2 2:1 4:b4 9:b4", "lie in several fields: expected FloatData, found RawData")]
    [InlineData("1:1 2:1 7:b4", "in the wrong field: expected RawData or FloatData, found Int64Data")]
    [InlineData("1:2 2:1 4:b2 4:b6", "the number of bytes does not fit")]
    [InlineData("1:1 2:1", "it has no elements")]
    [InlineData("1:1 2:1 14:7", "in an unknown place")]
    [InlineData("1:1 2:1 3:b0", "in segments")]
    [InlineData("1:1 2:99999999999", "the number is too large")]
    public void Open_DamagedTensor_SaysWhatIsWrong(string fields, string expected)
    {
        InvalidWeightsException error = Assert.Throws<InvalidWeightsException>(() => OnnxBytes.Open(OnnxBytes.WithTensor(t => Fill(t, fields))));
        Assert.All(expected.Split(": "), part => Assert.Contains(part, error.Message));
    }

    [Theory]
    [InlineData("1:3 2:7 7:b4", "it has too many elements")]
    [InlineData("1:1 2:8 9:b1", "not read: expected numbers of 8 to 64 bits, found String")]
    [InlineData("1:1 2:77 9:b1", "not read: expected numbers of 8 to 64 bits, found 77")]
    public void ReadSingles_DamagedTensor_SaysWhatIsWrong(string fields, string expected)
    {
        InvalidWeightsException error = Assert.Throws<InvalidWeightsException>(() => Read(t => Fill(t, fields)));
        Assert.All(expected.Split(": "), part => Assert.Contains(part, error.Message));
    }

    [Fact]
    public void ReadInt64s_Floats_SaysWhatWasExpected()
    {
        using OnnxFile file = OnnxBytes.Open(OnnxBytes.WithTensor(t => Fill(t, "1:1 2:1 9:b4")));
        InvalidWeightsException error = Assert.Throws<InvalidWeightsException>(() => file.Model.Graph.Initializer[0].ReadInt64s(new long[1]));
        Assert.Contains("expected whole numbers, found Float", error.Message);
    }

    // "field:number" or "field:b and a count of zero bytes".
    private static void Fill(FieldWriter tensor, string fields)
    {
        foreach (string[] parts in fields.Split(' ').Select(f => f.Split(':')))
        {
            int field = int.Parse(parts[0]);
            if (parts[1][0] == 'b')
            {
                tensor.Bytes(field, new byte[int.Parse(parts[1][1..])]);
            }
            else
            {
                tensor.Int64(field, long.Parse(parts[1]));
            }
        }
    }

    private static float[] Read(Action<FieldWriter> fill)
    {
        using OnnxFile file = OnnxBytes.Open(OnnxBytes.WithTensor(fill));
        TensorProto tensor = file.Model.Graph.Initializer[0];
        float[] values = new float[tensor.Count];
        tensor.ReadSingles(values);
        return values;
    }
}

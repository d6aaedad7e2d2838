using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Tests.Onnx.Protobuf;

public sealed class ModelReaderTests
{
    [Fact]
    public void Read_WhatWasWritten_GivesEveryField()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            ModelProto expected = OnnxBytes.Sample(seed);
            byte[] bytes = OnnxBytes.Write(expected);
            Assert.Equal(bytes, OnnxBytes.Write(OnnxBytes.Sample(seed)));
            using OnnxFile file = OnnxBytes.Open(bytes);
            Assert.Equal(Describe(expected), Describe(file.Model));
            Assert.Equal(17, file.Model.Opset);
        }
    }

    [Fact]
    public void Read_AnyByteChanged_GivesAModelOrTheOneError()
    {
        byte[] bytes = OnnxBytes.Write(OnnxBytes.Sample(2));
        int refused = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte whole = bytes[i];
            foreach (byte other in new[] { (byte)0, (byte)0xFF, (byte)(whole ^ 1), (byte)(whole ^ 0x80), (byte)(whole + 8) })
            {
                bytes[i] = other;
                refused += IsRefused(bytes) ? 1 : 0;
            }

            bytes[i] = whole;
        }

        Assert.True(refused > bytes.Length / 2);
    }

    [Fact]
    public void Read_CutOffAnywhere_GivesAModelOrTheOneError()
    {
        byte[] bytes = OnnxBytes.Write(OnnxBytes.Sample(2));
        for (int length = 0; length < bytes.Length; length++)
        {
            IsRefused(bytes[..length]);
        }

        InvalidWeightsException error = Assert.Throws<InvalidWeightsException>(() => OnnxBytes.Open(bytes[..(bytes.Length / 2)]));
        Assert.Contains("model.onnx: this is no ONNX file, or it is damaged in ", error.Message);
        Assert.InRange(error.Offset!.Value, 1, bytes.Length / 2);
    }

    [Fact]
    public void Read_SeededNoise_GivesTheOneError()
    {
        var random = new Random(7);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            bytes[0] = 0x3A;
            IsRefused(bytes);
        }
    }

    [Theory]
    [InlineData(new byte[0], "it has no graph")]
    [InlineData(new byte[] { 0x08, 0x08 }, "it has no graph")]
    [InlineData(new byte[] { 0x00, 0x00 }, "no ONNX file")]
    [InlineData(new byte[] { 0x3A, 0x05, 0x0A }, "no ONNX file")]
    [InlineData(new byte[] { 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07 }, "no ONNX file")]
    [InlineData(new byte[] { 0x3A, 0x80, 0x80, 0x80, 0x80, 0x08 }, "no ONNX file")]
    [InlineData(new byte[] { 0x3A, 0x00, 0x3A, 0x00 }, "two graphs")]
    [InlineData(new byte[] { 0x38, 0x00 }, "expected LengthDelimited, found Varint")]
    [InlineData(new byte[] { 0x0A, 0x00 }, "expected Varint, found LengthDelimited")]
    [InlineData(new byte[] { 0xA3, 0x06, 0xA4, 0x06 }, "no groups")]
    [InlineData(new byte[] { 0x3F, 0x00 }, "kind is unknown")]
    [InlineData(new byte[] { 0x3A, 0x06, 0x0A, 0x04, 0x0A, 0x7F, 0x61, 0x61 }, "no ONNX file")]
    public void Read_HostileBytes_SaysWhatIsWrong(byte[] bytes, string expected)
    {
        InvalidWeightsException error = Assert.Throws<InvalidWeightsException>(() => OnnxBytes.Open(bytes));
        Assert.StartsWith("model.onnx: ", error.Message);
        Assert.Contains(expected, error.Message);
    }

    // Later versions of the schema have more fields.
    [Fact]
    public void Read_UnknownFields_AreSkipped()
    {
        byte[] bytes = OnnxBytes.Message(model =>
        {
            model.Int64(1, 8);
            model.String(99, "later");
            model.Int64(98, -1);
            model.Single(97, 1);
            model.Message(7, OnnxBytes.Writer(graph =>
            {
                graph.Bytes(13, 1, 2, 3);
                graph.Message(1, OnnxBytes.Writer(node =>
                {
                    node.String(4, "Relu");
                    node.String(6, "a doc string");
                    node.Message(9, OnnxBytes.Writer(entry => entry.String(1, "key")));
                }));
            }));
        });
        using OnnxFile file = OnnxBytes.Open(bytes);
        Assert.Equal("Relu", Assert.Single(file.Model.Graph.Node).OpType);
        Assert.Equal(8, file.Model.IrVersion);
        Assert.Null(file.Model.Opset);
    }

    [Fact]
    public void Read_MoreElementsThanAnyNetworkHas_IsRefused()
    {
        byte[] numbers = new byte[ProtoReader.MaximumElements + 10];
        byte[] bytes = OnnxBytes.Message(model => model.Message(7, OnnxBytes.Writer(graph => graph.Message(1, OnnxBytes.Writer(
            node => node.Message(5, OnnxBytes.Writer(attribute => attribute.Bytes(8, numbers))))))));
        InvalidWeightsException error = Assert.Throws<InvalidWeightsException>(() => OnnxBytes.Open(bytes));
        Assert.Contains("too many parts", error.Message);
    }

    // A dimension takes two bytes of the file, and many times that in memory.
    [Fact]
    public void Read_MoreDimensionsThanAnyNetworkHas_IsRefused()
    {
        byte[] dimensions = [.. Enumerable.Repeat<byte[]>([0x0A, 0x00], ProtoReader.MaximumElements).SelectMany(d => d)];
        FieldWriter type = OnnxBytes.Writer(tensor => tensor.Message(1, OnnxBytes.Writer(value => value.Bytes(2, dimensions))));
        byte[] bytes = OnnxBytes.Message(model => model.Message(7, OnnxBytes.Writer(graph => graph.Message(11, OnnxBytes.Writer(input => input.Message(2, type))))));
        InvalidWeightsException error = Assert.Throws<InvalidWeightsException>(() => OnnxBytes.Open(bytes));
        Assert.Contains("too many parts", error.Message);
    }

    [Fact]
    public void Read_BytesThatAreNoText_BecomeTheReplacementCharacter()
    {
        byte[] bytes = OnnxBytes.Message(model =>
        {
            model.Message(7, OnnxBytes.Writer(graph =>
            {
                graph.Bytes(2, 0x61, 0xFF);
                graph.Message(12, OnnxBytes.Writer(value =>
                {
                    FieldWriter dimension = OnnxBytes.Writer(d => d.Bytes(2, 0x64, 0xFF));
                    FieldWriter shape = OnnxBytes.Writer(s => s.Message(1, dimension));
                    FieldWriter tensor = OnnxBytes.Writer(t => t.Message(2, shape));
                    value.Bytes(1, 0x63, 0xFF);
                    value.Message(2, OnnxBytes.Writer(type => type.Message(1, tensor)));
                }));
            }));
            model.Message(14, OnnxBytes.Writer(entry => entry.Bytes(1, 0x62, 0xFF)));
        });
        using OnnxFile file = OnnxBytes.Open(bytes);
        Assert.Equal("a\uFFFD", file.Model.Graph.Name);
        Assert.Equal("b\uFFFD", Assert.Single(file.Model.MetadataProps).Key);
        ValueInfoProto output = Assert.Single(file.Model.Graph.Output);
        Assert.Equal("c\uFFFD", output.Name);
        Assert.Equal("d\uFFFD", Assert.Single(output.Type.TensorType.Shape.Dim).DimParam.ToStringUtf8());
    }

    [Fact]
    public void Read_PackedAndSingleNumbersInAnAttribute_GivesAll()
    {
        byte[] bytes = OnnxBytes.Message(model => model.Message(7, OnnxBytes.Writer(graph => graph.Message(1, OnnxBytes.Writer(
            node => node.Message(5, OnnxBytes.Writer(attribute =>
            {
                attribute.Int64(8, 1);
                attribute.Bytes(8, OnnxBytes.Varints(2, -3));
                attribute.Bytes(7, 0, 0, 128, 63, 0, 0, 0, 64);
                attribute.Single(7, 3);
            })))))));
        using OnnxFile file = OnnxBytes.Open(bytes);
        AttributeProto attribute = file.Model.Graph.Node[0].Attribute[0];
        Assert.Equal([1, 2, -3], attribute.Ints);
        Assert.Equal([1f, 2f, 3f], attribute.Floats);
    }

    private static bool IsRefused(byte[] bytes)
    {
        try
        {
            OnnxBytes.ReadAll(bytes);
            return false;
        }
        catch (InvalidWeightsException e)
        {
            Assert.StartsWith("model.onnx: ", e.Message);
            return true;
        }
    }

    private static string Describe(ModelProto model) => string.Join(
        '\n',
        [
            $"{model.IrVersion} {model.ProducerName} {model.ProducerVersion} {model.DocString}",
            string.Join(' ', model.OpsetImport),
            string.Join(' ', model.MetadataProps),
            $"{model.Graph.Name} {model.Graph.DocString}",
            .. model.Graph.Node.Select(n => $"{n.Name} {n.OpType} {n.Domain} {List(n.Input)} {List(n.Output)} {List(n.Attribute.Select(Describe))}"),
            .. model.Graph.Initializer.Select(Describe),
            .. model.Graph.Input.Concat(model.Graph.Output).Select(v => $"{v}"),
        ]);

    private static string Describe(AttributeProto a) =>
        $"{a.Name} {a.Type} {a.I} {a.F:R} {a.S.ToStringUtf8()} {List(a.Ints)} {List(a.Floats)} {List(a.Strings.Select(s => s.ToStringUtf8()))} {(a.T is null ? "" : Describe(a.T))}";

    private static string Describe(TensorProto tensor)
    {
        // A tensor that is about to be written has bytes, one that was read has a place in its file.
        float[] values = new float[tensor.Count];
        if (tensor.Content is not null)
        {
            tensor.ReadSingles(values);
        }
        else
        {
            ElementType type = TensorDataTypes.ToElementType(tensor.DataType)!.Value;
            ElementTypes.ToSingle(type, tensor.RawData.Span, values);
        }

        return $"{tensor.Name} {tensor.DataType} {List(tensor.Dims)} {List(values)}";
    }

    private static string List<T>(IEnumerable<T> values) => $"[{string.Join("|", values)}]";
}

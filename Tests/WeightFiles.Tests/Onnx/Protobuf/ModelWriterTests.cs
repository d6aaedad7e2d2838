using Google.Protobuf;
using MLClassify.Graphs;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Tests.Onnx.Protobuf;

public sealed class ModelWriterTests
{
    [Theory]
    [InlineData(new long[] { 1 << 15, 1 << 14 })]
    [InlineData(new long[] { 1 << 15, (1 << 14) - 1 })]
    [InlineData(new long[] { 1L << 40 })]
    public void Write_MoreThanProtocolBuffersHold_IsRefusedBeforeAnythingIsMade(long[] dimensions)
    {
        using var folder = new TemporaryFolder();
        string path = folder["large.onnx"];
        TensorProto Tensor(string name) => TensorProto.Of(name, dimensions, () => throw new InvalidOperationException("made"));
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => ModelWriter.Write(path, Model(Tensor("a"), Tensor("b"))));
        Assert.Contains("too large for one ONNX file", error.Message);
        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Write_ValuesFailHalfWay_KeepsTheOldFile()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.onnx"];
        File.WriteAllText(path, "old");
        ModelProto model = Model(
            TensorProto.Of("a", [1000], () => new float[1000]),
            TensorProto.Of("b", [4], () => new float[3]));
        Assert.Throws<InvalidOperationException>(() => ModelWriter.Write(path, model));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Write_TensorsMadeInTurn_AreAskedForOnce()
    {
        var asked = new List<string>();
        TensorProto Tensor(string name) => TensorProto.Of(name, [1], () =>
        {
            asked.Add(name);
            return [1f];
        });
        OnnxBytes.Write(Model(Tensor("a"), Tensor("b"), Tensor("c")));
        Assert.Equal(["a", "b", "c"], asked);
    }

    // Field by field: the numbers are the format's, what is 0 or empty is written where it was set, attributes' lists are not packed.
    [Fact]
    public void Write_SmallModel_HasTheFormatsFields()
    {
        var model = new ModelProto
        {
            IrVersion = 8,
            ProducerName = "p",
            ProducerVersion = "1",
            DocString = "d",
            OpsetImport = { new OperatorSetIdProto { Version = 17 } },
            MetadataProps = { new StringStringEntryProto { Key = "k", Value = "" } },
            Graph = new GraphProto
            {
                Name = "g",
                Node =
                {
                    new NodeProto
                    {
                        Name = "n",
                        OpType = "Conv",
                        Input = { "x", "w" },
                        Output = { "y" },
                        Attribute = { AttributeProto.Of("i", 0L), AttributeProto.Of("f", 0f), AttributeProto.Of("s", ""), AttributeProto.Of("l", [1L, -1]) },
                    },
                },
                Initializer = { TensorProto.Of("w", [1, 1], () => [2f]) },
                Input = { OnnxBytes.Value("x", TensorProto.Types.DataType.Float, [new() { DimParam = ByteString.CopyFromUtf8("batch") }, new() { DimValue = 3 }]) },
                Output = { OnnxBytes.Value("y", TensorProto.Types.DataType.Float, null) },
            },
        };
        Assert.Equal(OnnxBytes.Message(WriteModel), OnnxBytes.Write(model));
    }

    private static void WriteModel(FieldWriter model)
    {
        model.Int64(1, 8);
        model.String(2, "p");
        model.String(3, "1");
        model.String(6, "d");
        model.Message(7, OnnxBytes.Writer(graph =>
        {
            graph.Message(1, OnnxBytes.Writer(WriteNode));
            graph.String(2, "g");
            graph.Message(5, OnnxBytes.Writer(tensor =>
            {
                tensor.Int64(1, 1);
                tensor.Int64(1, 1);
                tensor.Int64(2, 1);
                tensor.String(8, "w");
                tensor.Bytes(9, 0, 0, 0, 0x40);
            }));
            graph.Message(11, Value("x", type => type.Message(2, OnnxBytes.Writer(shape =>
            {
                shape.Message(1, OnnxBytes.Writer(dimension => dimension.String(2, "batch")));
                shape.Message(1, OnnxBytes.Writer(dimension => dimension.Int64(1, 3)));
            }))));
            graph.Message(12, Value("y", _ => { }));
        }));
        model.Message(8, OnnxBytes.Writer(set => set.Int64(2, 17)));
        model.Message(14, OnnxBytes.Writer(entry =>
        {
            entry.String(1, "k");
            entry.String(2, "");
        }));
    }

    private static void WriteNode(FieldWriter node)
    {
        void Attribute(string name, long type, Action<FieldWriter> value) => node.Message(5, OnnxBytes.Writer(attribute =>
        {
            attribute.String(1, name);
            value(attribute);
            attribute.Int64(20, type);
        }));

        node.String(1, "x");
        node.String(1, "w");
        node.String(2, "y");
        node.String(3, "n");
        node.String(4, "Conv");
        Attribute("i", 2, attribute => attribute.Int64(3, 0));
        Attribute("f", 1, attribute => attribute.Single(2, 0));
        Attribute("s", 3, attribute => attribute.String(4, ""));
        Attribute("l", 7, attribute =>
        {
            attribute.Int64(8, 1);
            attribute.Int64(8, -1);
        });
    }

    private static FieldWriter Value(string name, Action<FieldWriter> shape) => OnnxBytes.Writer(value =>
    {
        value.String(1, name);
        value.Message(2, OnnxBytes.Writer(type => type.Message(1, OnnxBytes.Writer(tensor =>
        {
            tensor.Int64(1, 1);
            shape(tensor);
        }))));
    });

    private static ModelProto Model(params TensorProto[] tensors) => new()
    {
        IrVersion = 8,
        OpsetImport = { new OperatorSetIdProto { Version = 17 } },
        Graph = new GraphProto { Initializer = { tensors } },
    };
}

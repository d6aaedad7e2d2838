using Google.Protobuf;
using MLClassify.Graphs;
using MLClassify.WeightFiles.Onnx.Protobuf;
using AttributeType = MLClassify.WeightFiles.Onnx.Protobuf.AttributeProto.Types.AttributeType;
using DataType = MLClassify.WeightFiles.Onnx.Protobuf.TensorProto.Types.DataType;
using Dimension = MLClassify.WeightFiles.Onnx.Protobuf.TensorShapeProto.Types.Dimension;

namespace MLClassify.WeightFiles.Tests.Onnx.Protobuf;

/// <summary>Makes ONNX files by hand, also ones that no exporter would write.</summary>
internal static class OnnxBytes
{
    /// <summary>A file of one message.</summary>
    public static byte[] Message(Action<FieldWriter> fill) => Writer(fill).ToArray();

    /// <summary>A message to put into another.</summary>
    public static FieldWriter Writer(Action<FieldWriter> fill)
    {
        var writer = new FieldWriter();
        fill(writer);
        return writer;
    }

    /// <summary>A model whose graph has one initializer.</summary>
    public static byte[] WithTensor(Action<FieldWriter> tensor) =>
        Message(model => model.Message(7, Writer(graph => graph.Message(5, Writer(tensor)))));

    /// <summary>Numbers as base-128 varints, one after the other.</summary>
    public static byte[] Varints(params long[] values) => [.. values.SelectMany(Varint)];

    public static byte[] Write(ModelProto model)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            model.WriteTo(output);
        }

        return stream.ToArray();
    }

    public static OnnxFile Open(byte[] bytes) => new(new MemoryStream(bytes), "model.onnx");

    /// <summary>Reads a file with all its tensors' elements.</summary>
    public static void ReadAll(byte[] bytes)
    {
        using OnnxFile file = Open(bytes);
        GraphProto graph = file.Model.Graph;
        IEnumerable<TensorProto> inAttributes = graph.Node.SelectMany(n => n.Attribute).Select(a => a.T).OfType<TensorProto>();
        foreach (TensorProto tensor in graph.Initializer.Concat(inAttributes).Where(t => !t.IsExternal && t.Count < 100_000))
        {
            tensor.ReadSingles(new float[tensor.Count]);
            tensor.ReadInt64s(new long[tensor.Count]);
        }
    }

    /// <summary>A model that uses every field.</summary>
    public static ModelProto Sample(int seed)
    {
        var random = new Random(seed);
        string Text() => string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => "aé中\U0001F33B."[random.Next(3)]));
        float[] values = [.. Enumerable.Range(0, 6).Select(_ => random.NextSingle() - 0.5f)];
        NodeProto Node(int i) => new()
        {
            Name = $"node{i}{Text()}",
            OpType = "Conv",
            Domain = i == 0 ? "" : "own",
            Input = { "x", "", Text() },
            Output = { $"y{i}" },
            Attribute =
            {
                AttributeProto.Of("int", random.NextInt64(long.MinValue, long.MaxValue)),
                AttributeProto.Of("float", random.NextSingle()),
                AttributeProto.Of("text", Text()),
                AttributeProto.Of("ints", [random.Next(), -1, 0]),
                new AttributeProto { Name = "floats", Type = AttributeType.Floats, Floats = { random.NextSingle(), -1f } },
                new AttributeProto { Name = "strings", Type = AttributeType.Strings, Strings = { ByteString.CopyFromUtf8(Text()), ByteString.CopyFromUtf8("b") } },
                new AttributeProto { Name = "tensor", Type = AttributeType.Tensor, T = TensorProto.Of("", 1, -2, long.MaxValue) },
            },
        };
        return new ModelProto
        {
            IrVersion = random.Next(),
            ProducerName = Text(),
            ProducerVersion = Text(),
            DocString = Text(),
            OpsetImport = { new OperatorSetIdProto { Version = 17 }, new OperatorSetIdProto { Domain = "own", Version = 1 } },
            MetadataProps = { new StringStringEntryProto { Key = "labels", Value = Text() }, new StringStringEntryProto { Key = "", Value = "" } },
            Graph = new GraphProto
            {
                Name = Text(),
                DocString = Text(),
                Node = { Enumerable.Range(0, random.Next(3)).Select(Node) },
                Initializer =
                {
                    TensorProto.Of("w", [2, 3], () => values),
                    TensorProto.Of("scalar", [], () => [values[0]]),
                    TensorProto.Of("none", [0, 4], () => []),
                    TensorProto.Of("shape", 0, random.NextInt64(), -1),
                },
                Input = { Value("x", DataType.Float, [new Dimension { DimParam = ByteString.CopyFromUtf8("batch") }, new Dimension { DimValue = 3 }, new Dimension()]) },
                Output = { Value("y", DataType.Int64, null) },
            },
        };
    }

    /// <summary>A value's name and type, of any dimensions where it has null.</summary>
    public static ValueInfoProto Value(string name, DataType type, IEnumerable<Dimension>? dimensions)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = type };
        if (dimensions is not null)
        {
            tensor.Shape = new TensorShapeProto { Dim = { dimensions } };
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static IEnumerable<byte> Varint(long value)
    {
        ulong rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
        {
            yield return (byte)(rest | 0x80);
        }

        yield return (byte)rest;
    }
}

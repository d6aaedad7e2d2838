using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Tests.Onnx.Protobuf;

/// <summary>Makes ONNX files by hand, also ones that no exporter would write.</summary>
internal static class OnnxBytes
{
    /// <summary>A file of one message.</summary>
    public static byte[] Message(Action<ProtoWriter> fill)
    {
        using var stream = new MemoryStream();
        Writer(fill).WriteTo(stream);
        return stream.ToArray();
    }

    /// <summary>A message to put into another.</summary>
    public static ProtoWriter Writer(Action<ProtoWriter> fill)
    {
        var writer = new ProtoWriter();
        fill(writer);
        return writer;
    }

    /// <summary>A model whose graph has one initializer.</summary>
    public static byte[] WithTensor(Action<ProtoWriter> tensor) =>
        Message(model => model.Message(7, Writer(graph => graph.Message(5, Writer(tensor)))));

    /// <summary>A field of bytes.</summary>
    public static void Bytes(this ProtoWriter writer, int field, params byte[] bytes) =>
        writer.Deferred(field, bytes.Length, stream => stream.Write(bytes));

    /// <summary>Numbers as base-128 varints, one after the other.</summary>
    public static byte[] Varints(params long[] values) => [.. values.SelectMany(Varint)];

    public static byte[] Write(ModelProto model)
    {
        using var stream = new MemoryStream();
        ModelWriter.Write(stream, model);
        return stream.ToArray();
    }

    public static OnnxFile Open(byte[] bytes) => new(new MemoryStream(bytes), "model.onnx");

    /// <summary>Reads a file with all its tensors' elements.</summary>
    public static void ReadAll(byte[] bytes)
    {
        using OnnxFile file = Open(bytes);
        GraphProto graph = file.Model.Graph;
        IEnumerable<TensorProto> inAttributes = graph.Nodes.SelectMany(n => n.Attributes).Select(a => a.Tensor).OfType<TensorProto>();
        foreach (TensorProto tensor in graph.Initializers.Concat(inAttributes).Where(t => !t.IsExternal && t.Count < 100_000))
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
            Inputs = ["x", "", Text()],
            Outputs = [$"y{i}"],
            Attributes =
            [
                AttributeProto.Of("int", random.NextInt64(long.MinValue, long.MaxValue)),
                AttributeProto.Of("float", random.NextSingle()),
                AttributeProto.Of("text", Text()),
                AttributeProto.Of("ints", [random.Next(), -1, 0]),
                AttributeProto.Of("floats", [random.NextSingle(), -1f]),
                new AttributeProto { Name = "strings", Type = AttributeType.Strings, Strings = [Text(), "b"] },
                new AttributeProto { Name = "tensor", Type = AttributeType.Tensor, Tensor = MemoryTensorContent.Tensor("", 1, -2, long.MaxValue) },
            ],
        };
        return new ModelProto
        {
            IrVersion = random.Next(),
            ProducerName = Text(),
            ProducerVersion = Text(),
            DocString = Text(),
            OpsetImports = [new OperatorSet("", 17), new OperatorSet("own", 1)],
            Metadata = [new("labels", Text()), new("", "")],
            Graph = new GraphProto
            {
                Name = Text(),
                DocString = Text(),
                Nodes = [.. Enumerable.Range(0, random.Next(3)).Select(Node)],
                Initializers =
                [
                    MemoryTensorContent.Tensor("w", [2, 3], () => values),
                    MemoryTensorContent.Tensor("scalar", [], () => [values[0]]),
                    MemoryTensorContent.Tensor("none", [0, 4], () => []),
                    MemoryTensorContent.Tensor("shape", 0, random.NextInt64(), -1),
                ],
                Inputs = [new ValueInfoProto("x", TensorDataType.Float, [new DimensionProto(null, "batch"), new DimensionProto(3), new DimensionProto(null)])],
                Outputs = [new ValueInfoProto("y", TensorDataType.Int64, null)],
            },
        };
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

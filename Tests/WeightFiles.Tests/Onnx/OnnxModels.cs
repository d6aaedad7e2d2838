using MLClassify.Graphs;
using MLClassify.Networks.Tests;
using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Tests.Onnx;

/// <summary>ONNX models made in a test, node by node.</summary>
internal sealed class OnnxModels
{
    private readonly List<NodeProto> _nodes = [];
    private readonly List<TensorProto> _tensors = [];
    private readonly List<KeyValuePair<string, string>> _metadata = [];

    public long Opset { get; init; } = 13;

    public IReadOnlyList<DimensionProto> Input { get; init; } = Dimensions(-1, 3, 8, 8);

    public static IReadOnlyList<DimensionProto> Dimensions(params long[] sides) => [.. sides.Select(s => new DimensionProto(s < 0 ? null : s))];

    public OnnxModels Node(string operation, string inputs, string output, params AttributeProto[] attributes)
    {
        _nodes.Add(new NodeProto
        {
            Name = output,
            OpType = operation,
            Inputs = [.. inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(i => i == "-" ? "" : i)],
            Outputs = [.. output.Split(' ')],
            Attributes = attributes,
        });
        return this;
    }

    public OnnxModels Tensor(string name, long[] dimensions, params float[] values)
    {
        long count = dimensions.Aggregate(1L, (product, side) => product * side);
        float[] all = values.Length == count ? values : [.. Enumerable.Range(0, (int)count).Select(i => (float)FormulaValues.Uniform(FormulaValues.Seed(name), i))];
        _tensors.Add(MemoryTensorContent.Tensor(name, dimensions, () => all));
        return this;
    }

    public OnnxModels Integers(string name, params long[] values)
    {
        _tensors.Add(MemoryTensorContent.Tensor(name, values));
        return this;
    }

    /// <summary>The mean of the last map, a linear layer of two classes, and the file.</summary>
    public OnnxModels Head(string map, int channels) => Node("GlobalAveragePool", map, "pooled").Node("Flatten", "pooled", "features")
        .Tensor("fc.weight", [2, channels]).Tensor("fc.bias", [2])
        .Node("Gemm", "features fc.weight fc.bias", "logits", AttributeProto.Of("transB", 1L));

    public byte[] Bytes(params string[] outputs)
    {
        var model = new ModelProto
        {
            IrVersion = 8,
            OpsetImports = [new OperatorSet("", Opset)],
            Metadata = _metadata,
            Graph = new GraphProto
            {
                Name = "made",
                Nodes = _nodes,
                Initializers = _tensors,
                Inputs = [new ValueInfoProto("input", TensorDataType.Float, Input)],
                Outputs = [.. (outputs.Length == 0 ? ["logits"] : outputs).Select(o => new ValueInfoProto(o, TensorDataType.Float, null))],
            },
        };
        using var stream = new MemoryStream();
        ModelWriter.Write(stream, model);
        return stream.ToArray();
    }

    public OnnxNetwork Open(params string[] outputs) => Open(Bytes(outputs));

    public static OnnxNetwork Open(byte[] bytes) => OnnxNetwork.Open(new OnnxFile(new MemoryStream(bytes), "test.onnx"), "test.onnx", 16);
}

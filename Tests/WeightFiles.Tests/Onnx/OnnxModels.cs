using MLClassify.Graphs;
using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Onnx.Protobuf;
using MLClassify.WeightFiles.Tests.Onnx.Protobuf;
using DataType = MLClassify.WeightFiles.Onnx.Protobuf.TensorProto.Types.DataType;
using Dimension = MLClassify.WeightFiles.Onnx.Protobuf.TensorShapeProto.Types.Dimension;

namespace MLClassify.WeightFiles.Tests.Onnx;

/// <summary>ONNX models made in a test, node by node.</summary>
internal sealed class OnnxModels
{
    private readonly List<NodeProto> _nodes = [];
    private readonly List<TensorProto> _tensors = [];

    public long Opset { get; init; } = 13;

    public IReadOnlyList<Dimension> Input { get; init; } = Dimensions(-1, 3, 8, 8);

    public static IReadOnlyList<Dimension> Dimensions(params long[] sides) => [.. sides.Select(s => s < 0 ? new Dimension() : new Dimension { DimValue = s })];

    public OnnxModels Node(string operation, string inputs, string output, params AttributeProto[] attributes)
    {
        _nodes.Add(new NodeProto
        {
            Name = output,
            OpType = operation,
            Input = { inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(i => i == "-" ? "" : i) },
            Output = { output.Split(' ') },
            Attribute = { attributes },
        });
        return this;
    }

    public OnnxModels Tensor(string name, long[] dimensions, params float[] values)
    {
        long count = dimensions.Aggregate(1L, (product, side) => product * side);
        float[] all = values.Length == count ? values : [.. Enumerable.Range(0, (int)count).Select(i => (float)FormulaValues.Uniform(FormulaValues.Seed(name), i))];
        _tensors.Add(TensorProto.Of(name, dimensions, () => all));
        return this;
    }

    public OnnxModels Integers(string name, params long[] values)
    {
        _tensors.Add(TensorProto.Of(name, values));
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
            OpsetImport = { new OperatorSetIdProto { Version = Opset } },
            Graph = new GraphProto
            {
                Name = "made",
                Node = { _nodes },
                Initializer = { _tensors },
                Input = { OnnxBytes.Value("input", DataType.Float, Input) },
                Output = { (outputs.Length == 0 ? ["logits"] : outputs).Select(o => OnnxBytes.Value(o, DataType.Float, null)) },
            },
        };
        return OnnxBytes.Write(model);
    }

    public OnnxNetwork Open(params string[] outputs) => Open(Bytes(outputs));

    public static OnnxNetwork Open(byte[] bytes) => OnnxNetwork.Open(new OnnxFile(new MemoryStream(bytes), "test.onnx"), "test.onnx", 16);
}

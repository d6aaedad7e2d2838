using Google.Protobuf;
using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.WeightFiles.Onnx.Protobuf;
using Dimension = MLClassify.WeightFiles.Onnx.Protobuf.TensorShapeProto.Types.Dimension;

namespace MLClassify.WeightFiles.Onnx;

/// <summary>
/// Writes networks as ONNX files (https://onnx.ai): the graph as it is evaluated, the batch a free dimension, the weights inside under
/// their own names, the input's normalization as the first nodes. The same network always gives the same bytes.
/// </summary>
internal static class OnnxExporter
{
    /// <summary>The name of the input.</summary>
    public const string InputName = "input";

    /// <summary>The name of the output when it is a softmax's.</summary>
    public const string ProbabilitiesName = "probabilities";

    /// <summary>The name of the input where normalization is not inside the file.</summary>
    public const string NormalizedInputName = "normalized_input";

    /// <summary>The name of the output when it is the network's own.</summary>
    public const string LogitsName = "logits";

    // Files of version 8 came with opset 17; nothing newer is used, so every runtime that knows the opset takes it.
    private const long IrVersion = 8;

    /// <summary>Writes a network: under a temporary name, flushed, renamed. Weights are brought into ONNX's order one tensor at a time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="graph">The network, <c>[N, H, W, C]</c> to logits <c>[N, 1, 1, classes]</c>.</param>
    /// <param name="parameters">Its values.</param>
    /// <param name="options">Layout, range, softmax, opset.</param>
    /// <param name="input">The normalization; none when null, whatever range the options say.</param>
    /// <param name="metadata">Keys and values for <c>metadata_props</c>; sorted by key.</param>
    /// <exception cref="ArgumentException">An option is outside its range, or the graph and what is asked for do not fit.</exception>
    /// <exception cref="NotSupportedException">An operator cannot be written, or the model exceeds the 2 GiB of an ONNX file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Export(
        string path,
        Graph graph,
        ParameterStore parameters,
        OnnxExportOptions? options = null,
        OnnxInput? input = null,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelWriter.Write(path, Model(graph, parameters, options ?? new OnnxExportOptions(), input, metadata));
    }

    /// <summary>The file's content; parameters are read when it is written.</summary>
    internal static ModelProto Model(
        Graph graph,
        ParameterStore parameters,
        OnnxExportOptions options,
        OnnxInput? input,
        IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        options.Validate();
        Shape shape = graph.Input.Shape;
        if (input is not null && (input.Factors.Count != shape.Channels || input.Offsets.Count != shape.Channels))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The network takes {shape.Channels} channels; the normalization has {input.Factors.Count} factors and {input.Offsets.Count} offsets."));
        }

        string name = options.Range == OnnxRange.Normalized ? NormalizedInputName : InputName;
        var writer = new OnnxGraphWriter(graph, parameters, name);
        string value = OnnxInputWriter.Write(writer, shape, options, input);
        string output = options.Softmax ? ProbabilitiesName : LogitsName;
        writer.WriteNodes(value, output, options.Softmax);
        bool isFirst = options.Layout == OnnxLayout.Nchw;
        return new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "MLClassify",
            ProducerVersion = typeof(OnnxExporter).Assembly.GetName().Version?.ToString(3) ?? "0",
            DocString = Describe(graph, options, input is not null && options.Range != OnnxRange.Normalized),
            OpsetImport = { new OperatorSetIdProto { Version = options.Opset } },
            MetadataProps =
            {
                (metadata ?? new Dictionary<string, string>()).OrderBy(m => m.Key, StringComparer.Ordinal)
                    .Select(m => new StringStringEntryProto { Key = m.Key, Value = m.Value }),
            },
            Graph = new GraphProto
            {
                Name = graph.Name,
                Node = { writer.Nodes },
                Initializer = { writer.Initializers },
                Input = { Value(name, isFirst ? [shape.Channels, shape.Height, shape.Width] : [shape.Height, shape.Width, shape.Channels]) },
                Output = { Value(output, OutputDimensions(graph.Output.Shape)) },
            },
        };
    }

    private static int[] OutputDimensions(Shape shape) =>
        shape.IsVector ? [shape.Channels] : [shape.Channels, shape.Height, shape.Width];

    private static ValueInfoProto Value(string name, int[] dimensions)
    {
        var shape = new TensorShapeProto { Dim = { new Dimension { DimParam = ByteString.CopyFromUtf8("batch") }, dimensions.Select(d => new Dimension { DimValue = d }) } };
        var tensor = new TypeProto.Types.Tensor { ElemType = TensorProto.Types.DataType.Float, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static string Describe(Graph graph, OnnxExportOptions options, bool isNormalized)
    {
        string layout = options.Layout == OnnxLayout.Nchw ? "[batch, 3, height, width]" : "[batch, height, width, 3]";
        string range = options.Range == OnnxRange.Bytes ? "0 to 255" : "0 to 1";
        string input = isNormalized ? $"RGB {layout}, {range}, normalized inside" : $"{layout}, normalized outside";
        string output = options.Softmax ? "probabilities" : "logits";
        return $"{graph.Name}. Input: {input}. Output: {output}.";
    }
}

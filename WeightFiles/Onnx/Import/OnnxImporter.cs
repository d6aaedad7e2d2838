using Google.Protobuf.Collections;
using MLClassify.Graphs;
using MLClassify.Graphs.Descriptions;
using MLClassify.Networks;
using MLClassify.WeightFiles.Onnx.Protobuf;
using Dimension = MLClassify.WeightFiles.Onnx.Protobuf.TensorShapeProto.Types.Dimension;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>Turns an ONNX model into a graph, node by node, and finds everything that it cannot turn.</summary>
/// <param name="file">The file, for messages.</param>
/// <param name="model">The model.</param>
internal sealed class OnnxImporter(string file, ModelProto model)
{
    /// <summary>The most nodes of a model; many are constants.</summary>
    public const int MaximumNodes = 50_000;

    private const int OldestOpset = 7;

    private static readonly string[] GenericNames = ["", "main", "main_graph", "torch_jit", "torch-jit-export", "graph"];

    /// <summary>What is done to the input before the first layer.</summary>
    public OnnxInput? Input { get; private set; }

    /// <summary>What gives each parameter's values.</summary>
    public IReadOnlyDictionary<string, Func<float[]>> Values { get; private set; } = new Dictionary<string, Func<float[]>>();

    /// <summary>Builds the graph.</summary>
    /// <param name="inputSize">The side of the input where the file leaves it open, in pixels.</param>
    /// <exception cref="InvalidWeightsException">The model is damaged.</exception>
    /// <exception cref="UnsupportedOnnxException">The model uses what is not supported; the message lists all of it.</exception>
    public Graph Run(int inputSize)
    {
        try
        {
            return Build(inputSize);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new InvalidWeightsException(file, $"the model is no network ({InvalidWeightsException.Shorten(e.Message.TrimEnd('.'))})", innerException: e);
        }
    }

    private Graph Build(int inputSize)
    {
        GraphProto graph = model.Graph;
        Check(graph);
        Dictionary<string, TensorProto> initializers = Initializers(graph);
        ValueInfoProto[] inputs = [.. graph.Input.Where(i => !initializers.ContainsKey(i.Name))];
        if (inputs.Length != 1)
        {
            throw new UnsupportedOnnxException(file, [FormattableString.Invariant($"{inputs.Length} inputs, expected one picture")]);
        }

        (Shape shape, AxisOrder order, long? batch) = InputOf(inputs[0], inputSize);
        GraphBuilder builder = GraphBuilder.For(NameOf(graph), shape);
        var state = new ImportState(file, graph, builder, batch) { Opset = model.Opset ?? OldestOpset };
        ImportState.Require(builder.Input);
        state.Define(inputs[0].Name, ActivationValue.Map(builder.Input, order));
        foreach (TensorProto tensor in initializers.Values)
        {
            state.Define(tensor.Name, ConstantValue.Of(state.Resolve(tensor)));
        }

        foreach (NodeProto node in graph.Node)
        {
            Convert(state, node);
        }

        Node output = OutputOf(state, graph);
        Input = state.Scaling is { } scaling
            ? new OnnxInput { Factors = scaling.Factors, Offsets = scaling.Offsets, IsReversed = scaling.IsReversed }
            : null;
        Values = state.Parameters;
        Graph built = builder.Build(output, NetworkHead.FeaturesOf(output));
        return built.Nodes.Count <= GraphDescription.MaximumNodes
            ? built
            : throw new InvalidWeightsException(file, "the network is too long", expected: FormattableString.Invariant($"at most {GraphDescription.MaximumNodes} layers"), found: FormattableString.Invariant($"{built.Nodes.Count}"));
    }

    private void Check(GraphProto graph)
    {
        if (graph.Node.Count > MaximumNodes)
        {
            throw new InvalidWeightsException(file, "the model has too many nodes", expected: FormattableString.Invariant($"at most {MaximumNodes}"), found: FormattableString.Invariant($"{graph.Node.Count}"));
        }

        if (graph.Output.Count == 0)
        {
            throw new InvalidWeightsException(file, "the model has no output");
        }

        List<string> unsupported = [];
        if (model.Opset is < OldestOpset)
        {
            unsupported.Add(FormattableString.Invariant($"operator set {model.Opset}, expected {OldestOpset} or later"));
        }

        if (graph.SparseInitializer.Count > 0)
        {
            unsupported.Add("sparse weights");
        }

        if (unsupported.Count > 0)
        {
            throw new UnsupportedOnnxException(file, unsupported);
        }
    }

    private Dictionary<string, TensorProto> Initializers(GraphProto graph)
    {
        var result = new Dictionary<string, TensorProto>(StringComparer.Ordinal);
        foreach (TensorProto tensor in graph.Initializer)
        {
            if (tensor.Name.Length == 0 || !result.TryAdd(tensor.Name, tensor))
            {
                throw new InvalidWeightsException(file, "the tensor is given twice or has no name", tensor.Name);
            }
        }

        return result;
    }

    private (Shape Shape, AxisOrder Order, long? Batch) InputOf(ValueInfoProto input, int inputSize)
    {
        RepeatedField<Dimension> dimensions = input.Type?.TensorType?.Shape?.Dim ?? [];
        if (dimensions.Count != 4)
        {
            throw new UnsupportedOnnxException(file, [$"an input of {dimensions.Count} dimensions, expected [N, 3, H, W] or [N, H, W, 3]"]);
        }

        static bool IsColour(Dimension d) => d.DimValue is 1 or 3 or 4;
        bool isLast = IsColour(dimensions[3]) && !IsColour(dimensions[1]);
        (Dimension channels, Dimension height, Dimension width) =
            isLast ? (dimensions[3], dimensions[1], dimensions[2]) : (dimensions[1], dimensions[2], dimensions[3]);
        var shape = new Shape(Side(height, inputSize, "rows"), Side(width, inputSize, "columns"), Side(channels, 3, "channels"));
        return (shape, isLast ? AxisOrder.ChannelsLast : AxisOrder.ChannelsFirst, dimensions[0].DimValue is > 0 and var batch ? batch : null);
    }

    // Exporters write 0 or -1 for what may vary, beside nothing and a name.
    private int Side(Dimension dimension, int usual, string what) => dimension.DimValue switch
    {
        0 or -1 => usual,
        >= 1 and <= NetworkOptions.MaximumInputSize and var side => (int)side,
        var other => throw new InvalidWeightsException(file, $"the input's {what} are out of range", expected: FormattableString.Invariant($"1 to {NetworkOptions.MaximumInputSize}"), found: FormattableString.Invariant($"{other}")),
    };

    private static void Convert(ImportState state, NodeProto node)
    {
        if (node.Output.Count == 0)
        {
            return;
        }

        ImportValue value = UnknownValue.Instance;
        bool isOwn = node.Domain is "" or "ai.onnx";
        if (isOwn && OnnxConverters.Table.TryGetValue(node.OpType, out Func<NodeReader, ImportValue>? converter))
        {
            try
            {
                var reader = new NodeReader(state, node);
                value = state.TakenIn.Contains(node)
                    ? node.Input.Select(i => state.Value(node, i)).First(v => v is not ConstantValue)
                    : converter(reader);
            }
            catch (UnsupportedNodeException e)
            {
                if (e.Reason is not null)
                {
                    state.Report(node, $"{node.OpType} {e.Reason}");
                }
            }
        }
        else
        {
            state.Report(node, isOwn ? node.OpType : $"{node.Domain}.{node.OpType}");
        }

        state.Define(node.Output[0], value);
        foreach (string other in node.Output.Skip(1).Where(o => o.Length > 0))
        {
            state.Define(other, UnknownValue.Instance);
        }
    }

    private Node OutputOf(ImportState state, GraphProto graph)
    {
        if (state.Unsupported.Count > 0)
        {
            throw new UnsupportedOnnxException(file, state.Unsupported);
        }

        string name = graph.Output[0].Name;
        ImportValue value = state.ValueOrNull(name)
            ?? throw new InvalidWeightsException(file, $"the output '{InvalidWeightsException.Shorten(name)}' is made by no node");
        ActivationValue? found = value is ActivationValue activation ? state.Settle(activation) : null;
        return found is { Border.IsEmpty: true, FlattenedFrom: null, Node.Shape.IsVector: true }
            ? found.Node
            : throw new UnsupportedOnnxException(file, [found is null ? "an output that is no activation" : $"an output of [N, {string.Join(", ", found.Dimensions)}], expected a number for each class"]);
    }

    private string NameOf(GraphProto graph)
    {
        string name = GenericNames.Contains(graph.Name) ? Path.GetFileNameWithoutExtension(file) : graph.Name;
        name = InvalidWeightsException.Shorten(name);
        return name.Length > 0 ? name : "onnx";
    }
}

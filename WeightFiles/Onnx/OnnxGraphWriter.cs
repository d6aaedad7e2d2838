using Google.Protobuf.Collections;
using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Onnx;

/// <summary>
/// Turns a graph's nodes into ONNX nodes. A value is named after the layer that makes it, a constant and a helping node after the layer
/// that needs it, so that names stay the same from export to export.
/// </summary>
internal sealed class OnnxGraphWriter : OnnxEmitter
{
    private readonly Graph _graph;
    private readonly ParameterStore _values;
    private readonly Dictionary<Node, OnnxValue> _results = [];
    private readonly HashSet<string> _names;
    private readonly HashSet<string> _parameters = new(StringComparer.Ordinal);
    private Node _node;

    public OnnxGraphWriter(Graph graph, ParameterStore values, string inputName)
    {
        InputName = inputName;
        _graph = graph;
        _values = values;
        _node = graph.Input;
        _names = new HashSet<string>(graph.Parameters.Select(p => p.Name), StringComparer.Ordinal)
        {
            inputName,
            OnnxExporter.LogitsName,
            OnnxExporter.ProbabilitiesName,
        };
    }

    /// <summary>The name of the file's input.</summary>
    public string InputName { get; }

    /// <summary>The nodes so far.</summary>
    public List<NodeProto> Nodes { get; } = [];

    /// <summary>The parameters and constants so far.</summary>
    public List<TensorProto> Initializers { get; } = [];

    /// <inheritdoc/>
    public override string NodeName => _node.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<Shape> InputShapes => [.. _node.Inputs.Select(input => input.Shape)];

    /// <inheritdoc/>
    public override Shape OutputShape => _node.Shape;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> NodeParameters => _node.Parameters;

    /// <summary>Writes all nodes of the graph.</summary>
    /// <param name="input">The value that the network reads, <c>[N, C, H, W]</c>.</param>
    /// <param name="output">The name of the last value.</param>
    /// <param name="softmax">Whether a softmax makes it.</param>
    public void WriteNodes(string input, string output, bool softmax)
    {
        _results[_graph.Input] = new OnnxValue(input, IsMap: true);
        foreach (Node node in _graph.Nodes.Skip(1))
        {
            _node = node;
            node.Operator.Export(this);
            if (!_results.ContainsKey(node))
            {
                throw new InvalidOperationException($"The operator {node.Operator.Name} of '{node.Name}' made nothing for ONNX.");
            }
        }

        _node = _graph.Output;
        WriteOutput(output, softmax);
    }

    /// <inheritdoc/>
    public override OnnxValue Input(int index) => _results[_node.Inputs[index]];

    /// <inheritdoc/>
    public override string Map(int index) => ToMap(Input(index), _node.Inputs[index].Shape);

    /// <inheritdoc/>
    public override string Vector(int index, Shape? flattenedFrom = null) => ToVector(Input(index), flattenedFrom);

    /// <inheritdoc/>
    public override string Parameter(int index)
    {
        Parameter parameter = _node.Parameters[index];
        if (_parameters.Add(parameter.Name))
        {
            Initializers.Add(TensorProto.Of(
                parameter.Name, [.. parameter.Dimensions.Select(d => (long)d)], () => _values.Export(parameter.Name)));
        }

        return parameter.Name;
    }

    /// <inheritdoc/>
    public override string Integers(string suffix, params long[] values) => AddIntegers($"{_node.Name}/{suffix}", values);

    /// <inheritdoc/>
    public override string Singles(string suffix, IReadOnlyList<int> dimensions, params float[] values) =>
        AddSingles($"{_node.Name}/{suffix}", dimensions, values);

    /// <inheritdoc/>
    public override string Emit(string operation, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes) =>
        EmitNamed($"{_node.Name}/{operation}", operation, inputs, attributes);

    /// <inheritdoc/>
    public override void Result(OnnxValue value) => _results[_node] = value;

    /// <summary>Adds a constant.</summary>
    public string AddIntegers(string name, long[] values)
    {
        string unique = Unique(name);
        Initializers.Add(TensorProto.Of(unique, values));
        return unique;
    }

    /// <summary>Adds a constant.</summary>
    public string AddSingles(string name, IReadOnlyList<int> dimensions, float[] values)
    {
        string unique = Unique(name);
        Initializers.Add(TensorProto.Of(unique, [.. dimensions.Select(d => (long)d)], () => values));
        return unique;
    }

    /// <summary>Writes a node under a name of its own.</summary>
    public string EmitNamed(string name, string operation, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes)
    {
        string unique = Unique(name);
        Nodes.Add(new NodeProto
        {
            Name = unique,
            OpType = operation,
            Input = { inputs },
            Output = { unique },
            Attribute = { attributes.Select(Attribute) },
        });
        return unique;
    }

    private static AttributeProto Attribute(OnnxAttribute attribute) => attribute.Value switch
    {
        long value => AttributeProto.Of(attribute.Name, value),
        float value => AttributeProto.Of(attribute.Name, value),
        string value => AttributeProto.Of(attribute.Name, value),
        IReadOnlyList<long> values => AttributeProto.Of(attribute.Name, values),
        object value => throw new InvalidOperationException($"Attribute '{attribute.Name}' cannot hold a {value.GetType().Name}."),
    };

    private void WriteOutput(string name, bool softmax)
    {
        Shape shape = _graph.Output.Shape;
        OnnxValue result = _results[_graph.Output];
        string value = shape.IsVector ? ToVector(result, null) : result.Name;
        if (softmax)
        {
            if (!shape.IsVector)
            {
                throw new ArgumentException($"A softmax needs a vector of logits, and '{_graph.Output.Name}' gives {shape}.");
            }

            value = EmitNamed("softmax", "Softmax", [value], new OnnxAttribute("axis", 1));
        }

        // Only a graph without any nodes returns its input.
        value = value == InputName ? EmitNamed("identity", "Identity", [value]) : value;
        foreach (NodeProto node in Nodes)
        {
            Rename(node.Input, value, name);
            Rename(node.Output, value, name);
        }
    }

    private static void Rename(RepeatedField<string> names, string from, string to)
    {
        for (int i = 0; i < names.Count; i++)
        {
            names[i] = names[i] == from ? to : names[i];
        }
    }

    private string ToMap(OnnxValue value, Shape shape) => value.IsMap
        ? value.Name
        : shape.IsVector ? Emit("Unsqueeze", [ToVector(value, null), Integers("axes", 2, 3)])
        : throw new InvalidOperationException($"'{_node.Name}' reads a map of {shape} that was flattened.");

    private string ToVector(OnnxValue value, Shape? flattenedFrom)
    {
        string vector = value.IsMap ? Emit("Flatten", [value.Name], new OnnxAttribute("axis", 1)) : value.Name;
        Shape? from = value.IsMap ? null : value.FlattenedFrom;
        Shape? wanted = flattenedFrom is { IsVector: true } ? null : flattenedFrom;
        if (from == wanted)
        {
            return vector;
        }

        vector = from is { } old ? Reorder(vector, [0, old.Channels, old.Height, old.Width], [0, 2, 3, 1]) : vector;
        return wanted is { } next ? Reorder(vector, [0, next.Height, next.Width, next.Channels], [0, 3, 1, 2]) : vector;
    }

    // The 0 keeps the batch.
    private string Reorder(string vector, long[] shape, long[] order)
    {
        string map = Emit("Reshape", [vector, Integers("shape", shape)]);
        map = Emit("Transpose", [map], new OnnxAttribute("perm", order));
        return Emit("Flatten", [map], new OnnxAttribute("axis", 1));
    }

    private string Unique(string name)
    {
        // The main node of a layer has the layer's own name.
        string plain = name.StartsWith($"{_node.Name}/", StringComparison.Ordinal) && name[(_node.Name.Length + 1)..] == _node.Operator.OnnxName
            ? _node.Name
            : name;
        string unique = plain;
        for (int i = 2; !_names.Add(unique); i++)
        {
            unique = FormattableString.Invariant($"{plain}#{i}");
        }

        return unique;
    }
}

using MLClassify.Graphs;
using MLClassify.Graphs.Descriptions;
using MLClassify.Graphs.Operators;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>What is known while an ONNX graph is read from its first node to its last.</summary>
internal sealed class ImportState
{
    /// <summary>The most whole numbers of a constant that takes part in computing a shape.</summary>
    public const int MaximumIntegers = 64;

    private const int MaximumCopies = 4;
    private const int FreeValues = 1 << 20;

    private readonly Dictionary<string, ImportValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Count, string First)> _unsupported = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<float[]>> _parameters = new(StringComparer.Ordinal);

    private readonly ExternalData _external;
    private readonly long _maximumValues;
    private long _declaredValues;

    public ImportState(string file, GraphProto graph, GraphBuilder builder, long? batch)
    {
        File = file;
        Builder = builder;
        _external = new ExternalData(file);

        // Layers may share a tensor, and each has a copy of its own: a small file must not ask for much memory.
        _maximumValues = graph.Initializer.Concat(graph.Node.SelectMany(n => n.Attribute).Select(a => a.T).OfType<TensorProto>())
            .Aggregate((long)FreeValues, (sum, tensor) => sum + (MaximumCopies * Math.Min(tensor.Count, Array.MaxLength)));
        Batch = batch;
        foreach (NodeProto node in graph.Node)
        {
            foreach (string input in node.Input)
            {
                if (!_readers.TryGetValue(input, out List<NodeProto>? readers))
                {
                    _readers[input] = readers = [];
                }

                readers.Add(node);
            }
        }

        foreach (ValueInfoProto output in graph.Output)
        {
            Outputs.Add(output.Name);
        }
    }

    /// <summary>The file, for messages.</summary>
    public string File { get; }

    public GraphBuilder Builder { get; }

    /// <summary>The version of the set of operators.</summary>
    public required long Opset { get; init; }

    /// <summary>The batch that the file was made for, or null where any is taken.</summary>
    public long? Batch { get; }

    public LayerNames Names { get; } = new();

    /// <summary>Nodes that an earlier one has done already.</summary>
    public HashSet<NodeProto> TakenIn { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The names of the graph's outputs.</summary>
    public HashSet<string> Outputs { get; } = new(StringComparer.Ordinal);

    /// <summary>What is done to the input before the first layer; null until a layer has read it.</summary>
    public InputScaling? Scaling { get; private set; }

    /// <summary>What gives each parameter's values, by its name.</summary>
    public IReadOnlyDictionary<string, Func<float[]>> Parameters => _parameters;

    /// <summary>What could not be converted, each kind once.</summary>
    public IReadOnlyList<string> Unsupported =>
        [.. _unsupported.Select(u => u.Value.Count == 1
            ? $"{u.Key} (node '{u.Value.First}')"
            : FormattableString.Invariant($"{u.Key} ({u.Value.Count} nodes, first '{u.Value.First}')"))];

    public ImportValue Value(NodeProto reader, string name) => _values.TryGetValue(name, out ImportValue? value)
        ? value
        : throw new InvalidWeightsException(
            File,
            $"node '{InvalidWeightsException.Shorten(reader.Name)}' ({InvalidWeightsException.Shorten(reader.OpType)}) reads '{InvalidWeightsException.Shorten(name)}', which nothing before it makes");

    public ImportValue? ValueOrNull(string name) => _values.GetValueOrDefault(name);

    public void Define(string name, ImportValue value)
    {
        if (name.Length == 0 || !_values.TryAdd(name, value))
        {
            throw new InvalidWeightsException(File, $"the value '{InvalidWeightsException.Shorten(name)}' is made twice or has no name");
        }
    }

    /// <summary>A tensor with its elements' place, checked, where they lie in another file.</summary>
    public TensorProto Resolve(TensorProto tensor) => _external.Resolve(tensor);

    public void Report(NodeProto node, string what)
    {
        string name = InvalidWeightsException.Shorten(node.Name.Length > 0 ? node.Name : node.Output[0]);
        string key = InvalidWeightsException.Shorten(what);
        _unsupported[key] = _unsupported.TryGetValue(key, out (int Count, string First) known) ? (known.Count + 1, known.First) : (1, name);
    }

    /// <summary>The only node that reads a node's first output, or null.</summary>
    public NodeProto? OnlyReader(NodeProto node)
    {
        string name = node.Output[0];
        return !Outputs.Contains(name) && _readers.TryGetValue(name, out List<NodeProto>? readers) && readers.Count == 1 ? readers[0] : null;
    }

    /// <summary>Makes what was done to the network's input part of its preprocessing.</summary>
    public ActivationValue Settle(ActivationValue value)
    {
        if (value.Steps != (1, 1))
        {
            throw new UnsupportedNodeException("of every n-th row or column alone");
        }

        if (!ReferenceEquals(value.Node, Builder.Input))
        {
            return value;
        }

        InputScaling scaling = value.Scaling ?? InputScaling.None(value.Node.Shape.Channels);
        if (Scaling is not null && !Scaling.IsSame(scaling))
        {
            throw new UnsupportedNodeException("of the network's input, which other layers read otherwise normalised");
        }

        Scaling = scaling;
        return value;
    }

    /// <summary>Declares a parameter and where its values come from.</summary>
    public Parameter Declare(string name, ParameterRole role, IReadOnlyList<int> dimensions, Func<float[]> values)
    {
        _declaredValues += dimensions.Aggregate(1L, (product, side) => checked(product * side));
        if (_declaredValues > _maximumValues)
        {
            throw new UnsupportedNodeException("of weights that many layers share");
        }

        _parameters.Add(name, values);
        var parameter = new Parameter { Name = name, Role = role, Dimensions = dimensions, Initializer = Initializer.Zeros };
        Initializer initializer = role switch
        {
            ParameterRole.ConvolutionWeight or ParameterRole.LinearWeight => GraphBuilder.DefaultWeight,
            ParameterRole.NormScale or ParameterRole.RunningVariance => Initializer.Ones,
            _ => Initializer.Zeros,
        };
        return parameter with { Initializer = initializer };
    }

    /// <summary>Appends a node and holds its size to what is accepted.</summary>
    public Node Append(string name, Operator operation, IReadOnlyList<Node> inputs, params IReadOnlyList<Parameter> parameters)
    {
        Node node = Builder.Append(name, operation, inputs, parameters);
        Require(node);
        return node;
    }

    /// <summary>Holds a node's size to what is accepted.</summary>
    public static void Require(Node node)
    {
        Shape s = node.Shape;
        if ((double)s.Height * s.Width * s.Channels > GraphDescription.MaximumValues)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"'{node.Name}' has {s} values; at most {GraphDescription.MaximumValues} are accepted."));
        }
    }
}

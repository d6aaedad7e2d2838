using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Passes;

/// <summary>A network rewritten for inference, with the parameters that the rewriting made.</summary>
internal sealed class FusedNetwork(Graph graph, CpuParameterStore parameters, Dictionary<string, Tensor> owned) : IDisposable
{
    public Graph Graph { get; } = graph;

    public CpuParameterStore Parameters { get; } = parameters;

    /// <summary>Frees the values of a parameter that nobody reads any more, if the rewriting made them.</summary>
    public void Release(Parameter parameter)
    {
        if (owned.Remove(parameter.Name, out Tensor? tensor))
        {
            tensor.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (Tensor tensor in owned.Values)
        {
            tensor.Dispose();
        }
    }
}

/// <summary>
/// Rewrites a graph so that inference does less: batch normalization goes into the convolution before it, a sum and ReLU into the
/// convolution's last step, dropout away.
/// </summary>
internal sealed class FuseForInference
{
    private readonly Graph _source;
    private readonly CpuParameterStore _parameters;
    private readonly GraphBuilder _builder;
    private readonly Dictionary<Node, Node> _copies = [];
    private readonly Dictionary<Node, Chain> _chains = [];
    private readonly HashSet<Node> _absorbed = [];
    private readonly List<Node>[] _users;
    private readonly Dictionary<string, ParameterValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _owned = new(StringComparer.Ordinal);

    private FuseForInference(Graph source, CpuParameterStore parameters)
    {
        _source = source;
        _parameters = parameters;
        _builder = GraphBuilder.For(source.Name, source.Input.Shape);
        _copies[source.Input] = _builder.Input;
        _users = [.. source.Nodes.Select(_ => new List<Node>())];
        foreach (Node node in source.Nodes)
        {
            foreach (Node input in node.Inputs)
            {
                _users[input.Index].Add(node);
            }
        }
    }

    /// <summary>Rewrites a graph.</summary>
    public static FusedNetwork Run(Graph graph, CpuParameterStore parameters)
    {
        var pass = new FuseForInference(graph, parameters);
        foreach (Node node in graph.Nodes.Where(n => n.Operator is ConvolutionOperator or LinearOperator))
        {
            pass.FindChain(node);
        }

        foreach (Node node in graph.Nodes.Skip(1))
        {
            pass.Emit(node);
        }

        // Normalizations that no convolution precedes take what follows them as they do in training.
        Graph fused = FuseNormalization.Run(pass._builder.Build(pass._copies[graph.Output]));
        return new FusedNetwork(fused, new CpuParameterStore(pass._values.Values, parameters.Device), pass._owned);
    }

    // The run of nodes that one convolution absorbs, each the only user of the one before.
    private void FindChain(Node root)
    {
        var chain = new Chain(root);
        Node last = root;
        bool convolution = root.Operator is ConvolutionOperator;
        if (convolution && OnlyUser(last) is { Operator: BatchNormOperator } norm)
        {
            chain.Norm = last = norm;
        }

        if (convolution && OnlyUser(last) is { Operator: AddOperator } sum && !_absorbed.Contains(sum) && sum.Inputs[0] != sum.Inputs[1])
        {
            chain.Residual = sum.Inputs[0] == last ? sum.Inputs[1] : sum.Inputs[0];
            last = sum;
        }

        if (OnlyUser(last) is { Operator: ReluOperator relu } rectifier)
        {
            chain.ReluMax = relu.Max;
            last = rectifier;
        }

        for (Node node = root; node != last; node = _users[node.Index][0])
        {
            _absorbed.Add(node);
        }

        _absorbed.Add(last);
        _chains[last] = chain;
    }

    private Node? OnlyUser(Node node) => node != _source.Output && _users[node.Index].Count == 1 ? _users[node.Index][0] : null;

    private void Emit(Node node)
    {
        if (_chains.TryGetValue(node, out Chain? chain))
        {
            _copies[node] = EmitChain(chain);
        }
        else if (node.Operator is DropoutOperator)
        {
            _copies[node] = _copies[node.Inputs[0]];
        }
        else if (!_absorbed.Contains(node))
        {
            foreach (Parameter parameter in node.Parameters)
            {
                _values[parameter.Name] = _parameters.Value(parameter.Name);
            }

            _copies[node] = _builder.Append(node.Name, node.Operator, [.. node.Inputs.Select(n => _copies[n])], node.Parameters);
        }
    }

    private Node EmitChain(Chain chain)
    {
        Node root = chain.Root;
        List<Node> inputs = [_copies[root.Inputs[0]]];
        if (chain.Residual is not null)
        {
            inputs.Add(_copies[chain.Residual]);
        }

        IReadOnlyList<Parameter> parameters = chain.Norm is null ? root.Parameters : Fold(root, chain.Norm);
        foreach (Parameter parameter in parameters)
        {
            _values.TryAdd(parameter.Name, chain.Norm is null ? _parameters.Value(parameter.Name) : _values[parameter.Name]);
        }

        Operator operation = root.Operator switch
        {
            ConvolutionOperator convolution => convolution with { ReluMax = chain.ReluMax },
            LinearOperator linear => linear with { ReluMax = chain.ReluMax },
            _ => root.Operator,
        };
        return _builder.Append(root.Name, operation, inputs, parameters);
    }

    // y = (conv(x) + b - mean) * scale / sqrt(variance + epsilon) + shift is a convolution with other filters and another bias. Filters stay
    // in the device's order; vectors have the same order everywhere.
    private Parameter[] Fold(Node convolution, Node norm)
    {
        Parameter weight = convolution.Parameters[0];
        float epsilon = ((BatchNormOperator)norm.Operator).Epsilon;
        ReadOnlySpan<float> scale = Packed(norm.Parameters[0]);
        ReadOnlySpan<float> shift = Packed(norm.Parameters[1]);
        ReadOnlySpan<float> mean = Packed(norm.Parameters[2]);
        ReadOnlySpan<float> variance = Packed(norm.Parameters[3]);
        ReadOnlySpan<float> bias = convolution.Parameters.Count > 1 ? Packed(convolution.Parameters[1]) : new float[scale.Length];
        var offset = new Parameter { Name = convolution.Name + ".bias", Role = ParameterRole.Bias, Dimensions = [scale.Length], Initializer = Initializer.Zeros };
        double[] factors = new double[scale.Length];
        Span<float> foldedBias = Allocate(offset);
        for (int output = 0; output < scale.Length; output++)
        {
            factors[output] = scale[output] / Math.Sqrt((double)variance[output] + epsilon);
            foldedBias[output] = (float)(((bias[output] - (double)mean[output]) * factors[output]) + shift[output]);
        }

        _parameters.Device.ScaleFilters(weight, Packed(weight), factors, Allocate(weight));
        return [weight, offset];
    }

    private ReadOnlySpan<float> Packed(Parameter parameter) => _parameters.Value(parameter.Name).Tensor.Span;

    private Span<float> Allocate(Parameter parameter)
    {
        var tensor = new Tensor(_parameters.Device.PackedLength(parameter));
        _owned.Add(parameter.Name, tensor);
        _values[parameter.Name] = new ParameterValue(parameter, tensor);
        return tensor.Span;
    }

    private sealed class Chain(Node root)
    {
        public Node Root { get; } = root;

        public Node? Norm { get; set; }

        public Node? Residual { get; set; }

        public float? ReluMax { get; set; }
    }
}

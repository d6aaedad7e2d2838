using MLClassify.Graphs.Operators;

namespace MLClassify.Graphs.Rewriting;

/// <summary>
/// Rewrites a graph so that inference does less: batch normalization goes into the convolution before it, a sum and ReLU into the
/// convolution's last step, dropout away. It knows no values: an engine computes those of <see cref="Folds"/> where it keeps them.
/// </summary>
internal sealed class InferenceRewriting
{
    private readonly Graph _source;
    private readonly GraphBuilder _builder;
    private readonly Dictionary<Node, Node> _copies = [];
    private readonly Dictionary<Node, Chain> _chains = [];
    private readonly HashSet<Node> _absorbed = [];
    private readonly List<Node>[] _users;
    private readonly List<FoldedConvolution> _folds = [];

    private InferenceRewriting(Graph source)
    {
        _source = source;
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

        foreach (Node node in source.Nodes.Where(n => n.Operator is ConvolutionOperator or LinearOperator))
        {
            FindChain(node);
        }

        foreach (Node node in source.Nodes.Skip(1))
        {
            Emit(node);
        }

        Graph = _builder.Build(_copies[source.Output]);
    }

    /// <summary>The rewritten graph. Its parameters are the source's, but for the biases of <see cref="Folds"/> and the filters that they scale.</summary>
    public Graph Graph { get; }

    /// <summary>What normalizations have become.</summary>
    public IReadOnlyList<FoldedConvolution> Folds => _folds;

    /// <summary>Rewrites a graph.</summary>
    /// <param name="graph">The network.</param>
    public static InferenceRewriting Of(Graph graph) => new(graph);

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

        IReadOnlyList<Parameter> parameters = root.Parameters;
        if (chain.Norm is { } norm)
        {
            var bias = new Parameter { Name = root.Name + ".bias", Role = ParameterRole.Bias, Dimensions = norm.Parameters[0].Dimensions, Initializer = Initializer.Zeros };
            _folds.Add(new FoldedConvolution(root, norm, bias));
            parameters = [root.Parameters[0], bias];
        }

        Operator operation = root.Operator switch
        {
            ConvolutionOperator convolution => convolution with { ReluMax = chain.ReluMax },
            LinearOperator linear => linear with { ReluMax = chain.ReluMax },
            _ => root.Operator,
        };
        return _builder.Append(root.Name, operation, inputs, parameters);
    }

    private sealed class Chain(Node root)
    {
        public Node Root { get; } = root;

        public Node? Norm { get; set; }

        public Node? Residual { get; set; }

        public float? ReluMax { get; set; }
    }
}

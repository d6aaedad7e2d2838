using MLClassify.Graphs.Operators;

namespace MLClassify.Graphs;

/// <summary>Builds a graph node by node; every method checks shapes and returns the new node.</summary>
internal sealed partial class GraphBuilder
{
    private readonly string _name;
    private readonly List<Node> _nodes = [];

    private GraphBuilder(string name, Shape input)
    {
        _name = name;
        Input = Append("input", new InputOperator(input), [], []);
    }

    /// <summary>The input node.</summary>
    public Node Input { get; }

    /// <summary>Starts a graph.</summary>
    /// <param name="name">The network's name.</param>
    /// <param name="input">One sample's shape, such as <c>[224, 224, 3]</c>.</param>
    public static GraphBuilder For(string name, Shape input) => new(name, input);

    /// <summary>Appends any operator.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">Earlier nodes of this graph.</param>
    /// <param name="parameters">The operator's parameters, in its order.</param>
    /// <exception cref="ShapeException">The operator cannot take these shapes.</exception>
    public Node Append(string name, Operator operation, IReadOnlyList<Node> inputs, IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (Node input in inputs)
        {
            if (input.Index >= _nodes.Count || !ReferenceEquals(_nodes[input.Index], input))
            {
                throw new ArgumentException($"'{input.Name}' is not a node of the graph '{_name}'.", nameof(inputs));
            }
        }

        Shape shape = operation.InferShape(name, [.. inputs.Select(n => n.Shape)]);
        var node = new Node(_nodes.Count, name, operation, inputs, parameters, shape);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Finishes the graph; nodes that the output does not depend on are dropped.</summary>
    /// <param name="output">The node whose values the network returns.</param>
    /// <param name="features">Where the head begins; the output itself when null.</param>
    public Graph Build(Node output, Node? features = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        features ??= output;
        var needed = new HashSet<Node> { Input, output };
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            if (needed.Contains(_nodes[i]))
            {
                needed.UnionWith(_nodes[i].Inputs);
            }
        }

        if (!needed.Contains(features))
        {
            throw new ArgumentException($"The output of '{_name}' does not depend on its features '{features.Name}'.", nameof(features));
        }

        if (needed.Count == _nodes.Count)
        {
            return new Graph(_name, _nodes, output, features);
        }

        var pruned = new GraphBuilder(_name, Input.Shape);
        var copies = new Dictionary<Node, Node> { [Input] = pruned.Input };
        foreach (Node node in _nodes.Skip(1).Where(needed.Contains))
        {
            copies[node] = pruned.Append(node.Name, node.Operator, [.. node.Inputs.Select(n => copies[n])], node.Parameters);
        }

        return pruned.Build(copies[output], copies[features]);
    }

    /// <summary>Copies another graph's nodes after <paramref name="first"/> up to <paramref name="last"/>; this graph's input stands for <paramref name="first"/>.</summary>
    /// <param name="source">The other graph.</param>
    /// <param name="first">The node that this graph's input replaces.</param>
    /// <param name="last">The last node copied.</param>
    /// <returns>The copy of <paramref name="last"/>.</returns>
    public Node CopyRange(Graph source, Node first, Node last)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(last);
        var copies = new Dictionary<Node, Node> { [first] = Input };
        foreach (Node node in source.Nodes.Where(n => n.Index > first.Index && n.Index <= last.Index))
        {
            if (node.Inputs.All(copies.ContainsKey))
            {
                copies[node] = Append(node.Name, node.Operator, [.. node.Inputs.Select(n => copies[n])], node.Parameters);
            }
        }

        return copies.TryGetValue(last, out Node? end)
            ? end
            : throw new ArgumentException($"'{last.Name}' does not depend on '{first.Name}' alone.", nameof(last));
    }
}

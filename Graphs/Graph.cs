namespace MLClassify.Graphs;

/// <summary>A network as data: nodes in an order in which each comes after its inputs, and named parameters.</summary>
internal sealed class Graph
{
    internal Graph(string name, IReadOnlyList<Node> nodes, Node output, Node features)
    {
        Name = name;
        Nodes = nodes;
        Output = output;
        Features = features;
        Parameters = nodes.SelectMany(n => n.Parameters).ToArray();
        string? twice = Parameters.GroupBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new ArgumentException($"Graph '{name}' declares the parameter '{twice}' twice.", nameof(nodes));
        }
    }

    /// <summary>The network's name.</summary>
    public string Name { get; }

    /// <summary>All nodes; the first is the input.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The input node.</summary>
    public Node Input => Nodes[0];

    /// <summary>The node whose values the network returns: logits.</summary>
    public Node Output { get; }

    /// <summary>Where the backbone ends and the head begins: the node whose values are the features.</summary>
    public Node Features { get; }

    /// <summary>All parameters, in the order of the nodes.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The number of trainable values.</summary>
    public long ParameterCount => Parameters.Where(p => p.IsTrainable).Sum(p => p.Count);

    /// <summary>The parameters of the head: of every node after <see cref="Features"/>.</summary>
    public IEnumerable<Parameter> HeadParameters => Nodes.Where(n => n.Index > Features.Index).SelectMany(n => n.Parameters);

    /// <summary>Which nodes' values depend on a node's, itself among them, by their index.</summary>
    /// <param name="node">A node of this graph.</param>
    /// <exception cref="ArgumentException">The node is not one of this graph's, or the output does not depend on it.</exception>
    public bool[] DependentsOf(Node node)
    {
        if (node.Index >= Nodes.Count || Nodes[node.Index] != node)
        {
            throw new ArgumentException($"'{node.Name}' is not a node of the graph '{Name}'.", nameof(node));
        }

        bool[] depends = new bool[Nodes.Count];
        depends[node.Index] = true;
        foreach (Node later in Nodes.Skip(node.Index + 1))
        {
            depends[later.Index] = later.Inputs.Any(input => depends[input.Index]);
        }

        return depends[Output.Index]
            ? depends
            : throw new ArgumentException($"The output of '{Name}' does not depend on '{node.Name}'.", nameof(node));
    }

    /// <summary>The part from the input to a node, with that node as output.</summary>
    /// <param name="last">A node of this graph.</param>
    public Graph UpTo(Node last)
    {
        ArgumentNullException.ThrowIfNull(last);
        var builder = GraphBuilder.For(Name, Input.Shape);
        Node end = builder.CopyRange(this, Input, last);
        return builder.Build(end, end);
    }

    /// <summary>The part after a node, which becomes the input.</summary>
    /// <param name="first">A node of this graph through which every path to the output leads.</param>
    public Graph After(Node first)
    {
        ArgumentNullException.ThrowIfNull(first);
        var builder = GraphBuilder.For(Name, first.Shape);
        Node end = builder.CopyRange(this, first, Output);
        return builder.Build(end, builder.Input);
    }
}

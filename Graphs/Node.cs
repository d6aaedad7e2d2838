using MLClassify.Graphs.Operators;

namespace MLClassify.Graphs;

/// <summary>One use of an operator in a graph.</summary>
internal sealed class Node
{
    internal Node(int index, string name, Operator @operator, IReadOnlyList<Node> inputs, IReadOnlyList<Parameter> parameters, Shape shape)
    {
        Index = index;
        Name = name;
        Operator = @operator;
        Inputs = inputs;
        Parameters = parameters;
        Shape = shape;
    }

    /// <summary>The place in the graph's order, in which every input comes before its users.</summary>
    public int Index { get; }

    /// <summary>The layer's name, such as <c>layer1.0.conv1</c>.</summary>
    public string Name { get; }

    /// <summary>What is computed.</summary>
    public Operator Operator { get; }

    /// <summary>The input node.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>The operator's parameters, in its own order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>One sample's output shape.</summary>
    public Shape Shape { get; }

    /// <summary>Name, operator and shape, for messages.</summary>
    public override string ToString() => $"{Name} ({Operator.Name} {Shape})";
}

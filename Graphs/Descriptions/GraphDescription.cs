using MLClassify.Graphs.Operators;

namespace MLClassify.Graphs.Descriptions;

/// <summary>
/// A network as plain data, fit for a file: from it and an input size the same graph can be built again. Nothing in it is trusted when
/// it is read: shapes and dimensions follow from the operators' own rules.
/// </summary>
internal sealed record GraphDescription
{
    /// <summary>The largest number of described nodes.</summary>
    public const int MaximumNodes = 5_000;

    /// <summary>The largest number of inputs of all nodes together.</summary>
    public const int MaximumInputs = 100_000;

    /// <summary>The largest number of values that a node may have for one sample, 2^26.</summary>
    public const int MaximumValues = 1 << 26;

    private const int MaximumNameLength = 512;

    /// <summary>The network's name.</summary>
    public required string Name { get; init; }

    /// <summary>One sample's shape, <c>[H, W, C]</c>.</summary>
    public required IReadOnlyList<int> Input { get; init; }

    /// <summary>All nodes but the input, in an order in which each comes after what it reads.</summary>
    public required IReadOnlyList<NodeDescription> Nodes { get; init; }

    /// <summary>The place of the node whose values the network returns; 0 is the input, n the n-th described node.</summary>
    public required int Output { get; init; }

    /// <summary>The place of the node whose values are the features.</summary>
    public required int Features { get; init; }

    /// <summary>Describes a graph.</summary>
    /// <param name="graph">A graph that no pass has fused.</param>
    public static GraphDescription From(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Shape input = graph.Input.Shape;
        return new GraphDescription
        {
            Name = graph.Name,
            Input = [input.Height, input.Width, input.Channels],
            Nodes = [.. graph.Nodes.Skip(1).Select(Describe)],
            Output = graph.Output.Index,
            Features = graph.Features.Index,
        };
    }

    /// <summary>Builds the graph.</summary>
    /// <param name="height">The input's rows; as described when null.</param>
    /// <param name="width">The input's columns; as described when null.</param>
    /// <exception cref="ArgumentException">The description is no network, or its layers cannot take this input; the message names the node.</exception>
    public Graph Build(int? height = null, int? width = null)
    {
        if (Problem() is { } problem)
        {
            throw new ArgumentException($"The description of a network is wrong: {problem}.");
        }

        try
        {
            return BuildChecked(new Shape(height ?? Input[0], width ?? Input[1], Input[2]));
        }
        catch (OverflowException e)
        {
            throw new ArgumentException($"The network '{Name}' has sizes that no machine could hold.", e);
        }
    }

    private static NodeDescription Describe(Node node)
    {
        var attributes = new OperatorAttributes();
        node.Operator.Write(attributes);
        ParameterDescription[] parameters = [.. node.Parameters.Select(p => Describe(node, p))];
        return new NodeDescription
        {
            Name = node.Name,
            Operator = node.Operator.Kind,
            Inputs = [.. node.Inputs.Select(n => n.Index)],
            Attributes = attributes.Values,
            Parameters = parameters.Length == 0 ? null : parameters,
        };
    }

    private static ParameterDescription Describe(Node node, Parameter parameter)
    {
        Shape? flattened = parameter.FlattenedFrom;
        bool isKnown = parameter.Role != ParameterRole.LinearWeight || flattened == GraphBuilder.FlattenedFrom(node.Inputs[0]);
        return new ParameterDescription
        {
            Name = parameter.Name,
            Initializer = parameter.Initializer == GraphBuilder.DefaultInitializer(parameter.Role, node.Parameters[0])
                ? null
                : InitializerDescription.From(parameter.Initializer),
            FlattenedFrom = isKnown || flattened is not { } map ? null : [map.Height, map.Width, map.Channels],
        };
    }

    private static Parameter[] BuildParameters(NodeDescription node, Operator operation, Node[] inputs)
    {
        IReadOnlyList<ParameterSpec> needs = operation.ParametersFor([.. inputs.Select(n => n.Shape)]);
        IReadOnlyList<ParameterDescription> given = node.Parameters ?? [];
        if (given.Count > needs.Count || given.Count < needs.Count(n => !n.IsOptional))
        {
            throw new ArgumentException(FormattableString.Invariant($"'{node.Name}': {node.Operator} has {needs.Count} parameters, got {given.Count}."));
        }

        var parameters = new Parameter[given.Count];
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] = Build(given[i], needs[i], inputs[0], i == 0 ? null : parameters[0]);
        }

        return parameters;
    }

    private static Parameter Build(ParameterDescription description, ParameterSpec need, Node input, Parameter? weight)
    {
        bool isMatrix = need.Role == ParameterRole.LinearWeight;
        Shape? map = isMatrix ? GraphBuilder.FlattenedFrom(input) : null;
        if (description.FlattenedFrom is { } given)
        {
            bool fits = isMatrix && given.Count == 3 && given.All(side => side >= 1)
                && given.Aggregate(1L, (product, side) => checked(product * side)) == need.Dimensions[1];
            map = fits
                ? new Shape(given[0], given[1], given[2])
                : throw new ArgumentException($"'{description.Name}': its columns cannot come from a map of [{string.Join(", ", given)}].");
        }

        var parameter = new Parameter
        {
            Name = description.Name,
            Role = need.Role,
            Dimensions = need.Dimensions,
            Groups = need.Groups,
            FlattenedFrom = map,
            Initializer = Initializer.Zeros,
        };
        return parameter with
        {
            Initializer = description.Initializer?.Build(description.Name) ?? GraphBuilder.DefaultInitializer(need.Role, weight ?? parameter),
        };
    }

    private Graph BuildChecked(Shape input)
    {
        GraphBuilder builder = GraphBuilder.For(Name, input);
        var nodes = new List<Node>(Nodes.Count + 1) { builder.Input };
        Require(builder.Input);
        foreach (NodeDescription node in Nodes)
        {
            Operator operation = OperatorKinds.Read(node.Name, node.Operator, node.Attributes);
            Node[] inputs = [.. node.Inputs.Select(i => nodes[i])];
            Shape[] shapes = [.. inputs.Select(n => n.Shape)];
            _ = operation.InferShape(node.Name, shapes);
            if (operation is ConvolutionOperator && shapes.Length > 1)
            {
                // What fusion makes of a convolution and a sum; it has no gradient.
                throw new ShapeException(operation.Name, node.Name, "1 input(s)", "2");
            }

            nodes.Add(builder.Append(node.Name, operation, inputs, BuildParameters(node, operation, inputs)));
            Require(nodes[^1]);
        }

        return builder.Build(nodes[Output], nodes[Features]);
    }

    private static void Require(Node node)
    {
        Shape s = node.Shape;
        if ((double)s.Height * s.Width * s.Channels > MaximumValues)
        {
            throw new ArgumentException(FormattableString.Invariant($"'{node.Name}' has {s} values; at most {MaximumValues} are accepted."));
        }
    }

    private string? Problem()
    {
        if (!IsName(Name))
        {
            return "its name is empty, too long, or holds control characters";
        }

        if (Input.Count != 3)
        {
            return FormattableString.Invariant($"its input has {Input.Count} sides, expected 3");
        }

        if (Nodes.Count > MaximumNodes || Nodes.Sum(n => (long)(n?.Inputs?.Count ?? 0)) > MaximumInputs)
        {
            return FormattableString.Invariant($"it has {Nodes.Count} nodes; at most {MaximumNodes} with {MaximumInputs} inputs are accepted");
        }

        if (Output < 0 || Output > Nodes.Count || Features < 0 || Features > Nodes.Count)
        {
            return FormattableString.Invariant($"output {Output} and features {Features} must be nodes, 0 to {Nodes.Count}");
        }

        return Nodes.Select(ProblemOf).FirstOrDefault(p => p is not null);
    }

    private static string? ProblemOf(NodeDescription? node, int index)
    {
        if (node is null || !IsName(node.Name) || (node.Parameters ?? []).Any(p => p is null || !IsName(p.Name)))
        {
            return FormattableString.Invariant($"node {index + 1} or a parameter of it has no name, a long one, or one with control characters");
        }

        return node.Inputs.All(i => i >= 0 && i <= index)
            ? null
            : FormattableString.Invariant($"node {index + 1} ('{node.Name}') reads [{string.Join(", ", node.Inputs.Take(8))}], expected earlier nodes, 0 to {index}");
    }

    private static bool IsName(string? name) => name is { Length: > 0 and <= MaximumNameLength } && !name.Any(char.IsControl);
}

using MLClassify.Graphs.Operators;

namespace MLClassify.Graphs.Descriptions;

/// <summary>A node as data. Its shape is not part of it: the operators' own rules say what it is.</summary>
internal sealed record NodeDescription
{
    /// <summary>The node's name, such as <c>layer1.0.conv1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The operator's kind, such as <c>convolution</c>.</summary>
    public required string Operator { get; init; }

    /// <summary>The places of the nodes that it reads: 0 is the graph's input, n the n-th described node.</summary>
    public required IReadOnlyList<int> Inputs { get; init; }

    /// <summary>The operator's constants; null where it has none. Those at their usual value are left out.</summary>
    public Dictionary<string, double>? Attributes { get; init; }

    /// <summary>The operator's parameters, in its own order; null where it has none.</summary>
    public IReadOnlyList<ParameterDescription>? Parameters { get; init; }
}

/// <summary>A parameter as data. Its dimensions follow from its operator and that operator's input.</summary>
internal sealed record ParameterDescription
{
    /// <summary>The parameter's name, such as <c>layer1.0.conv1.weight</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The initialization; null for the default of <see cref="GraphBuilder"/>.</summary>
    public InitializerDescription? Initializer { get; init; }

    /// <summary>The map <c>[H, W, C]</c> that a matrix's columns were flattened from, where the graph itself does not tell.</summary>
    public IReadOnlyList<int>? FlattenedFrom { get; init; }
}

/// <summary>An initialization as data: its kind and its one number.</summary>
internal sealed record InitializerDescription
{
    /// <summary><c>constant</c>, <c>normal</c>, <c>uniform</c>, <c>kaiming_normal</c> or <c>kaiming_uniform</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The constant, the deviation, the bound, 1 for the fan of the outputs (else 0), or the slope.</summary>
    public required double Value { get; init; }

    internal static InitializerDescription From(Initializer initializer) => initializer switch
    {
        ConstantInitializer constant => new() { Kind = "constant", Value = constant.Value },
        NormalInitializer normal => new() { Kind = "normal", Value = normal.StandardDeviation },
        UniformInitializer uniform => new() { Kind = "uniform", Value = uniform.Bound },
        KaimingNormalInitializer kaiming => new() { Kind = "kaiming_normal", Value = kaiming.UseFanOut ? 1 : 0 },
        KaimingUniformInitializer kaiming => new() { Kind = "kaiming_uniform", Value = kaiming.Slope },
        _ => throw new NotSupportedException($"{initializer.GetType().Name} has no description."),
    };

    internal Initializer Build(string parameter) => Kind switch
    {
        _ when !(Math.Abs(Value) <= 1e6) => throw new ArgumentException(FormattableString.Invariant($"'{parameter}': an initialization by {Value}.")),
        "constant" => new ConstantInitializer((float)Value),
        "normal" => new NormalInitializer((float)Value),
        "uniform" => new UniformInitializer(Value),
        "kaiming_normal" when Value is 0 or 1 => new KaimingNormalInitializer(Value == 1),
        "kaiming_uniform" => new KaimingUniformInitializer(Value),
        _ => throw new ArgumentException(FormattableString.Invariant($"'{parameter}': there is no initialization '{Kind}' by {Value}.")),
    };
}

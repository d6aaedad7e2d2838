namespace MLClassify.Engines;

/// <summary>An optimizer as data: <see cref="SgdSpec"/> or <see cref="AdamSpec"/>.</summary>
internal abstract record OptimizerSpec
{
    private protected OptimizerSpec()
    {
    }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    internal abstract void Validate();

    private protected static void CheckFactor(double value, string name)
    {
        if (!(value >= 0 && value < 1))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 0 and below 1.");
        }
    }
}

/// <summary>Stochastic gradient descent with momentum, in PyTorch's form: <c>v = momentum v + g + decay w; w -= rate v</c>.</summary>
internal sealed record SgdSpec : OptimizerSpec
{
    /// <summary>The velocity's factor. Default 0.9; in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the step looks ahead (Nesterov). Default false.</summary>
    public bool Nesterov { get; init; }

    internal override void Validate() => CheckFactor(Momentum, nameof(Momentum));
}

/// <summary>Adam (Kingma and Ba 2015, arXiv:1412.6980), or AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101).</summary>
internal sealed record AdamSpec : OptimizerSpec
{
    /// <summary>The first moment's factor. Default 0.9; in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The second moment's factor. Default 0.999; in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment. Default 1e-8; above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Whether the decay is subtracted from the weight (AdamW) instead of added to its gradient. Default false.</summary>
    public bool Decoupled { get; init; }

    internal override void Validate()
    {
        CheckFactor(Beta1, nameof(Beta1));
        CheckFactor(Beta2, nameof(Beta2));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Epsilon);
    }
}

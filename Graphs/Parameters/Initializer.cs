using MLClassify.Common;

namespace MLClassify.Graphs;

/// <summary>The initialization of a parameter.</summary>
internal abstract record Initializer
{
    /// <summary>All zeros.</summary>
    public static Initializer Zeros { get; } = new ConstantInitializer(0);

    /// <summary>All ones.</summary>
    public static Initializer Ones { get; } = new ConstantInitializer(1);

    /// <summary>Fills values that stand in the outside world's order.</summary>
    /// <param name="parameter">The parameter, for its fans.</param>
    /// <param name="values">The values to set.</param>
    /// <param name="random">The source of chance.</param>
    public abstract void Fill(Parameter parameter, Span<float> values, ref CounterRandom random);

    /// <summary>Inputs that feed one output: a filter's <c>in / groups * height * width</c>, a matrix's columns.</summary>
    /// <param name="parameter">A weight.</param>
    public static long FanIn(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Dimensions.Skip(1).Aggregate(1L, (product, dimension) => checked(product * dimension));
    }

    /// <summary>PyTorch's fan-out: a filter's <c>out * height * width</c>, a matrix's rows.</summary>
    /// <param name="parameter">A weight.</param>
    public static long FanOut(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Dimensions.Count < 2 ? parameter.Count : parameter.Count / parameter.Dimensions[1];
    }
}

/// <summary>Every value the same.</summary>
/// <param name="Value">The value.</param>
internal sealed record ConstantInitializer(float Value) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Parameter parameter, Span<float> values, ref CounterRandom random) => values.Fill(Value);
}

/// <summary>Gaussian around zero.</summary>
/// <param name="StandardDeviation">The standard deviation.</param>
internal sealed record NormalInitializer(float StandardDeviation) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Parameter parameter, Span<float> values, ref CounterRandom random)
    {
        foreach (ref float value in values)
        {
            value = (float)(random.NextGaussian() * StandardDeviation);
        }
    }
}

/// <summary>Uniform in <c>[-Bound, Bound)</c>.</summary>
/// <param name="Bound">Half the width.</param>
internal sealed record UniformInitializer(double Bound) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Parameter parameter, Span<float> values, ref CounterRandom random)
    {
        foreach (ref float value in values)
        {
            value = (float)(((2 * random.NextDouble()) - 1) * Bound);
        }
    }
}

/// <summary>He et al. 2015 (arXiv:1502.01852), eq. 10: Gaussian with variance <c>2 / fan</c>.</summary>
/// <param name="UseFanOut">Whether the fan is the outputs' (torchvision's ResNet) or the inputs'.</param>
internal sealed record KaimingNormalInitializer(bool UseFanOut) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Parameter parameter, Span<float> values, ref CounterRandom random)
    {
        double deviation = Math.Sqrt(2.0 / (UseFanOut ? FanOut(parameter) : FanIn(parameter)));
        new NormalInitializer((float)deviation).Fill(parameter, values, ref random);
    }
}

/// <summary>He et al. 2015 with a uniform distribution: bound <c>sqrt(6 / ((1 + slope²) * fan in))</c>.</summary>
/// <param name="Slope">The following ReLU's negative slope; PyTorch's default layers use sqrt(5), which makes the bound <c>1 / sqrt(fan
/// in)</c>.</param>
internal sealed record KaimingUniformInitializer(double Slope) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Parameter parameter, Span<float> values, ref CounterRandom random)
    {
        double bound = Math.Sqrt(6.0 / ((1 + (Slope * Slope)) * FanIn(parameter)));
        new UniformInitializer(bound).Fill(parameter, values, ref random);
    }
}

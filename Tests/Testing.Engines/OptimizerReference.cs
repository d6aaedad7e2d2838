using MLClassify.Engines;

namespace MLClassify.Testing.Engines;

/// <summary>PyTorch's formulas for the optimizers, in double precision.</summary>
/// <param name="spec">The optimizer.</param>
/// <param name="learningRate">The learning rate where the factor is 1.</param>
/// <param name="weightDecay">The weight decay of all parameters.</param>
internal sealed class OptimizerReference(OptimizerSpec spec, double learningRate, double weightDecay)
{
    private readonly Dictionary<string, (double[] First, double[] Second, int Steps)> _state = new(StringComparer.Ordinal);

    /// <summary>What a parameter becomes.</summary>
    public double[] Step(string name, float[] values, float[] gradient, double factor)
    {
        (double[] first, double[] second, int steps) = _state.GetValueOrDefault(name, (new double[values.Length], new double[values.Length], 0));
        _state[name] = (first, second, ++steps);
        double rate = learningRate * factor;
        return [.. values.Select((value, i) => spec switch
        {
            SgdSpec sgd => Sgd(sgd, value, gradient[i] + (weightDecay * value), ref first[i], rate),
            AdamSpec adam => Adam(adam, value, gradient[i], ref first[i], ref second[i], steps, rate),
            _ => throw new NotSupportedException(spec.ToString()),
        })];
    }

    private static double Sgd(SgdSpec sgd, double value, double gradient, ref double velocity, double rate)
    {
        velocity = (sgd.Momentum * velocity) + gradient;
        return value - (rate * (sgd.Nesterov ? gradient + (sgd.Momentum * velocity) : velocity));
    }

    private double Adam(AdamSpec adam, double value, double gradient, ref double first, ref double second, int steps, double rate)
    {
        value -= adam.Decoupled ? rate * weightDecay * value : 0;
        gradient += adam.Decoupled ? 0 : weightDecay * value;
        first = (adam.Beta1 * first) + ((1 - adam.Beta1) * gradient);
        second = (adam.Beta2 * second) + ((1 - adam.Beta2) * gradient * gradient);
        double corrected = first / (1 - Math.Pow(adam.Beta1, steps));
        return value - (rate * corrected / (Math.Sqrt(second / (1 - Math.Pow(adam.Beta2, steps))) + adam.Epsilon));
    }
}

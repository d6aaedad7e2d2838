using MLClassify.Graphs;

namespace MLClassify.Networks.Tests.Parity;

/// <summary>
/// The weights of <c>Golden/make_parity.py</c>, which says why they are so: even channels are moved up and odd ones down, so that few
/// values lie near ReLU's kink.
/// </summary>
internal sealed class ParityValues(Graph graph)
{
    private readonly string _head = graph.Parameters[^1].Name;

    // A residual block's last normalization adds less than the block gets.
    private readonly string _lastNorm = graph.Parameters.Any(p => p.Name.Contains("bn3.", StringComparison.Ordinal)) ? "bn3." : "bn2.";

    /// <summary>A parameter in the outside world's order.</summary>
    public float[] Of(Parameter parameter)
    {
        uint seed = FormulaValues.Seed(parameter.Name);
        float[] values = new float[parameter.Count];
        if (parameter.Role is ParameterRole.ConvolutionWeight or ParameterRole.LinearWeight)
        {
            FillWeight(parameter, seed, values);
            return values;
        }

        double part = parameter.Name.Contains(_lastNorm, StringComparison.Ordinal) ? 1.0 / 3 : 1;
        for (int i = 0; i < values.Length; i++)
        {
            double u = FormulaValues.Uniform(seed, i);
            double side = i % 2 == 0 ? 1 : -1;
            values[i] = (float)(parameter.Role switch
            {
                ParameterRole.RunningMean => 0.1 * u,
                ParameterRole.RunningVariance => 1 + (0.5 * u),
                ParameterRole.NormScale => part * 0.75 * (1 + (0.2 * u)),
                ParameterRole.NormShift => part * 3 * side * (1 + (0.1 * u)),
                _ => parameter.Name == _head ? 0.1 * u : 4 * side * (1 + (0.1 * u)),
            });
        }

        return values;
    }

    // Opposite signs for the weights of channels 0 and 2, 4 and 6, and so on, so that the moved means cancel.
    private static void FillWeight(Parameter parameter, uint seed, float[] values)
    {
        double scale = Math.Sqrt(6.0 / Initializer.FanIn(parameter));
        int positions = parameter.FlattenedFrom is { } map ? map.Pixels : 1;
        int channels = parameter.Dimensions[1] / positions;
        int run = positions * parameter.Dimensions.Skip(2).Aggregate(1, (product, d) => product * d);
        bool isPaired = channels % 4 == 0;
        for (int i = 0; i < values.Length; i++)
        {
            bool isOpposite = isPaired && i / run % 4 == 2;
            double u = FormulaValues.Uniform(seed, isOpposite ? i - (2 * run) : i);
            values[i] = (float)(scale * (isOpposite ? -u : u));
        }
    }
}

using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.Testing.Engines;

/// <summary>A graph's seeded parameters and input, and what the double-precision reference makes of them: computed once for all vector widths.</summary>
internal sealed class GradientReference
{
    // Central differences with step h err by h² f'''/6 and by rounding 1e-16 / h: 1e-10 at h = 1e-5 where f is smooth. Along a direction
    // that moves every value, the step is smaller, or ReLUs would change sides.
    private const double Step = 1e-5;
    private const double DirectionStep = 1e-7;

    private const int ProbesPerParameter = 8;

    private readonly DoubleReference _reference;
    private readonly float _smoothing;

    public GradientReference(Graph graph, int batch, float smoothing, bool freezeStatistics)
    {
        _smoothing = smoothing;
        Parameters = SeededParameters(graph);
        var random = CounterRandom.FromCounter(11);
        Input = [.. Enumerable.Range(0, batch * graph.Input.Shape.Count).Select(_ => (float)random.NextGaussian())];
        Labels = [.. Enumerable.Range(0, batch).Select(i => i % graph.Output.Shape.Channels)];
        double[] wide = [.. Input.Select(v => (double)v)];
        _reference = new DoubleReference(graph, Parameters.ToDictionary(p => p.Key, p => p.Value.Select(v => (double)v).ToArray(), StringComparer.Ordinal), batch);
        InferenceOutputs = _reference.Forward(wide, training: false);
        Logits = _reference.Forward(wide, training: !freezeStatistics);
        Loss = _reference.MeanLoss(Logits, Labels, smoothing);
        foreach (Node node in graph.Nodes)
        {
            foreach (Parameter parameter in node.Parameters.Where(p => p.IsTrainable))
            {
                Probe(node, parameter.Name);
            }
        }
    }

    public Dictionary<string, float[]> Parameters { get; }

    public float[] Input { get; }

    public int[] Labels { get; }

    public double[] InferenceOutputs { get; }

    public double[] Logits { get; }

    public double Loss { get; }

    /// <summary>For each parameter, derivatives by some of its values.</summary>
    public Dictionary<string, (int Index, double Slope)[]> Probes { get; } = new(StringComparer.Ordinal);

    /// <summary>For each parameter, a direction of ones and minus ones, and the derivative along it.</summary>
    public Dictionary<string, (sbyte[] Direction, double Slope)> Directions { get; } = new(StringComparer.Ordinal);

    private static Dictionary<string, float[]> SeededParameters(Graph graph)
    {
        using var parameters = new HostParameterStore(graph.Parameters);
        parameters.Initialize(7);
        var random = CounterRandom.FromCounter(12);
        var result = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (Parameter parameter in graph.Parameters)
        {
            // Factors of one and offsets of zero would hide mistakes.
            float[] values = parameters.Export(parameter.Name);
            foreach (ref float value in values.AsSpan())
            {
                value += parameter.Role switch
                {
                    ParameterRole.NormScale or ParameterRole.NormShift or ParameterRole.RunningMean => (float)(random.NextDouble() - 0.5),
                    ParameterRole.RunningVariance => (float)random.NextDouble(),
                    _ => 0,
                };
            }

            result[parameter.Name] = values;
        }

        return result;
    }

    private void Probe(Node node, string name)
    {
        double[] values = _reference.Parameters[name];
        var random = new CounterRandom(13, name);
        int[] places = [0, values.Length - 1, .. Enumerable.Range(0, ProbesPerParameter - 2).Select(_ => (int)(random.NextUInt64() % (ulong)values.Length))];
        Probes[name] = [.. places.Distinct().Select(place => (place, Slope(node, values, i => i == place ? 1 : 0, Step)))];
        sbyte[] direction = [.. values.Select(_ => (sbyte)((random.NextUInt64() >> 63) == 0 ? 1 : -1))];
        Directions[name] = (direction, Slope(node, values, i => direction[i], DirectionStep));
    }

    private double Slope(Node node, double[] values, Func<int, int> direction, double step)
    {
        double[] kept = [.. values];
        double At(double distance)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = kept[i] + (distance * direction(i));
            }

            return _reference.MeanLoss(node, Labels, _smoothing);
        }

        double slope = (At(step) - At(-step)) / (2 * step);
        kept.CopyTo(values, 0);
        return slope;
    }
}

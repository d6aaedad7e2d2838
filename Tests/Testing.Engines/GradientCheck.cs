using System.Collections.Concurrent;
using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.Testing.Engines;

/// <summary>
/// Holds a session's loss, logits and gradients against the double-precision reference and its central differences: single values of
/// each parameter, and the derivative along a random direction that moves all of them.
/// </summary>
internal static class GradientCheck
{
    // Gradients are sums of products of values near 1, each rounded to 2^-24: a reduction over k terms errs by about sqrt(k) 2^-24 of
    // its largest term, and passes through up to five operators. 2e-5 of the gradient's own scale leaves a margin of about ten.
    private const double Tolerance = 2e-5;

    private static readonly ConcurrentDictionary<string, Lazy<GradientReference>> References = new(StringComparer.Ordinal);

    /// <summary>Checks an engine on a graph.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="smoothing">The share of the target spread over all classes.</param>
    /// <param name="freezeStatistics">Whether batch normalization uses its running statistics.</param>
    public static void Run(Engine engine, Graph graph, int batch, float smoothing = 0, bool freezeStatistics = false)
    {
        GradientReference reference = ReferenceOf(graph, batch, smoothing, freezeStatistics);
        using ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        foreach ((string name, float[] values) in reference.Parameters)
        {
            parameters.Import(name, values);
        }

        using (IInferenceSession inference = engine.CreateInference(graph, parameters, batch + 1))
        {
            AssertClose(reference.InferenceOutputs, inference.Run(reference.Input), "inference");
        }

        using ITrainingSession session = engine.CreateTraining(graph, parameters, new TrainingSpec
        {
            Groups = [TestNetworks.AllParameters(graph)],
            Optimizer = new SgdSpec(),
            Loss = new SoftmaxCrossEntropy { LabelSmoothing = smoothing },
            MaxBatch = batch + 1,
            FreezeBatchNormStatistics = freezeStatistics,
        });
        Assert.Equal(graph.Parameters.Where(p => p.IsTrainable).Select(p => p.Name), session.Trained.Select(p => p.Name));
        session.Accumulate(new HostBatch(reference.Input, Targets.Labels(reference.Labels)), 0);
        Dictionary<string, float[]> gradients = session.Trained.ToDictionary(p => p.Name, p => TestNetworks.Gradient(session, p), StringComparer.Ordinal);
        StepMetrics metrics = session.Apply(new StepSettings(1));
        Assert.Equal(batch, metrics.Samples);
        Assert.InRange(Math.Abs((metrics.LossSum / batch) - reference.Loss), 0, 1e-5 * Math.Max(1, reference.Loss));

        // A bias before a normalization has a gradient of nothing but roundings of the others'.
        double floor = Math.Max(1e-2, 0.1 * gradients.Values.Max(g => g.Max(Math.Abs)));
        foreach ((string name, float[] gradient) in gradients)
        {
            AssertGradient(name, gradient, Math.Max(floor, gradient.Max(Math.Abs)), reference);
        }
    }

    /// <summary>A graph's reference, computed once.</summary>
    public static GradientReference ReferenceOf(Graph graph, int batch, float smoothing, bool freezeStatistics)
    {
        // Operators, shapes and parameters are records whose texts hold everything, so that engines and levels share one reference.
        string key = $"{batch} {smoothing} {freezeStatistics}: " + string.Join("; ", graph.Nodes.Select(n => $"{n.Name} {n.Operator} {n.Shape} of {string.Join(' ', n.Inputs.Select(i => i.Index))} {string.Join(' ', n.Parameters)}"));
        return References.GetOrAdd(key, _ => new(() => new GradientReference(graph, batch, smoothing, freezeStatistics))).Value;
    }

    private static void AssertGradient(string name, float[] gradient, double scale, GradientReference reference)
    {
        foreach ((int index, double expected) in reference.Probes[name])
        {
            // Written so that NaN fails.
            Assert.True(Math.Abs(expected - gradient[index]) <= Tolerance * scale, $"{name}[{index}]: expected {expected}, got {gradient[index]}, scale {scale}");
        }

        (sbyte[] direction, double slope) = reference.Directions[name];
        double actual = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            actual += direction[i] * gradient[i];
        }

        // Independent errors of n values add up to sqrt(n) of one.
        double tolerance = Tolerance * scale * Math.Sqrt(gradient.Length);
        Assert.True(Math.Abs(slope - actual) <= tolerance, $"{name}, all values: expected {slope}, got {actual}, tolerance {tolerance}");
    }

    public static void AssertClose(double[] expected, ReadOnlySpan<float> actual, string what)
    {
        double scale = Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 * scale, $"{what}[{i}]: expected {expected[i]}, got {actual[i]}");
        }
    }
}

using System.Collections.Concurrent;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;
using MLClassify.Kernels.Simd;

namespace MLClassify.Graphs.Tests;

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

    public static void Run(Graph graph, int batch, SimdLevel level, int threads = 2, float smoothing = 0, bool freezeStatistics = false)
    {
        // Operators, shapes and parameters are records whose texts hold everything, so that the levels share one reference.
        string key = $"{batch} {smoothing} {freezeStatistics}: " + string.Join("; ", graph.Nodes.Select(n => $"{n.Name} {n.Operator} {n.Shape} of {string.Join(' ', n.Inputs.Select(i => i.Index))} {string.Join(' ', n.Parameters)}"));
        GradientReference reference = References.GetOrAdd(key, _ => new(() => new GradientReference(graph, batch, smoothing, freezeStatistics))).Value;
        using Device device = CpuDevice.Create(threads, level);
        using var parameters = new ParameterSet(graph.Parameters, device);
        foreach ((string name, float[] values) in reference.Parameters)
        {
            parameters.Import(name, values);
        }

        using (var inference = new InferenceSession(graph, parameters, batch + 1))
        {
            reference.Input.CopyTo(inference.Input);
            AssertClose(reference.InferenceOutputs, inference.Run(batch), "inference");
        }

        var options = new TrainingSessionOptions { MaxBatch = batch + 1, LabelSmoothing = smoothing, FreezeBatchNormStatistics = freezeStatistics };
        using var session = new TrainingSession(graph, parameters, options);
        reference.Input.CopyTo(session.Input);
        StepResult result = session.Step(reference.Labels, 0);
        AssertClose(reference.Logits, session.Logits[..(batch * graph.Output.Shape.Channels)], "logits");
        Assert.InRange(Math.Abs((result.LossSum / batch) - reference.Loss), 0, 1e-5 * Math.Max(1, reference.Loss));
        Assert.Equal(graph.Parameters.Where(p => p.IsTrainable).Select(p => p.Name), session.Trained.Select(t => t.Parameter.Name));
        var gradients = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (TrainedParameter trained in session.Trained)
        {
            float[] gradient = new float[trained.Parameter.Count];
            device.Unpack(trained.Parameter, trained.Gradient.Span, gradient);
            gradients[trained.Parameter.Name] = gradient;
        }

        // A bias before a normalisation has a gradient of nothing but roundings of the others'.
        double floor = Math.Max(1e-2, 0.1 * gradients.Values.Max(g => g.Max(Math.Abs)));
        foreach ((string name, float[] gradient) in gradients)
        {
            AssertGradient(name, gradient, Math.Max(floor, gradient.Max(Math.Abs)), reference);
        }
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

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual, string what)
    {
        double scale = Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 * scale, $"{what}[{i}]: expected {expected[i]}, got {actual[i]}");
        }
    }
}

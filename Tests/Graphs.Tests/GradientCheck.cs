using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;
using MLClassify.Kernels.Simd;

namespace MLClassify.Graphs.Tests;

/// <summary>Holds a session's loss, logits and gradients against the double-precision reference and its central differences.</summary>
internal static class GradientCheck
{
    // Central differences with step h err by h² f'''/6 and by rounding 1e-16 / h: 1e-10 at h = 1e-5 where f is smooth.
    private const double Step = 1e-5;

    // Gradients are sums of products of values near 1, each rounded to 2^-24: a reduction over k terms errs by about sqrt(k) 2^-24 of
    // its largest term, and passes through up to five operators. 2e-5 of the gradient's own scale leaves a margin of about ten.
    private const double Tolerance = 2e-5;

    // At most this many values of a parameter are probed, spread evenly.
    private const int Probes = 40;

    public static void Run(Graph graph, int batch, SimdLevel level, int threads = 2, float smoothing = 0, bool checkInference = true)
    {
        using Device device = CpuDevice.Create(threads, level);
        using var parameters = new ParameterSet(graph.Parameters, device);
        parameters.Initialize(7);
        var random = new CounterRandom(11);
        var doubles = new Dictionary<string, double[]>(StringComparer.Ordinal);
        foreach (Parameter parameter in graph.Parameters)
        {
            float[] values = parameters.Export(parameter.Name);
            for (int i = 0; i < values.Length; i++)
            {
                // Scales and shifts of ones and zeros would hide mistakes.
                values[i] += parameter.Role is ParameterRole.NormScale or ParameterRole.NormShift or ParameterRole.RunningMean ? (float)(random.NextDouble() - 0.5) : 0;
            }

            parameters.Import(parameter.Name, values);
            doubles[parameter.Name] = [.. values.Select(v => (double)v)];
        }

        float[] input = [.. Enumerable.Range(0, batch * graph.Input.Shape.Count).Select(_ => (float)random.NextGaussian())];
        int[] labels = [.. Enumerable.Range(0, batch).Select(i => i % graph.Output.Shape.Channels)];
        var reference = new DoubleReference(graph, doubles, batch);
        double[] wide = [.. input.Select(v => (double)v)];
        if (checkInference)
        {
            using var inference = new InferenceSession(graph, parameters, batch + 1);
            input.CopyTo(inference.Input);
            AssertClose(reference.Forward(wide, training: false), inference.Run(batch), "inference");
        }

        using var session = new TrainingSession(graph, parameters, new TrainingSessionOptions { MaxBatch = batch + 1, LabelSmoothing = smoothing });
        input.CopyTo(session.Input);
        StepResult result = session.Step(labels, 0);
        AssertClose(reference.Forward(wide), session.Logits[..(batch * graph.Output.Shape.Channels)], "logits");
        double loss = reference.MeanLoss(wide, labels, smoothing);
        Assert.InRange(Math.Abs((result.LossSum / batch) - loss), 0, 1e-5 * Math.Max(1, loss));
        foreach (TrainedParameter trained in session.Trained)
        {
            float[] gradient = new float[trained.Parameter.Count];
            device.Unpack(trained.Parameter, trained.Gradient.Span, gradient);
            Probe(reference, trained.Parameter.Name, gradient, wide, labels, smoothing);
        }
    }

    private static void Probe(DoubleReference reference, string name, float[] gradient, double[] input, int[] labels, double smoothing)
    {
        double[] values = reference.Parameters[name];
        int stride = Math.Max(1, values.Length / Probes);
        double scale = Math.Max(1e-2, gradient.Max(Math.Abs));
        for (int i = 0; i < values.Length; i += stride)
        {
            double kept = values[i];
            values[i] = kept + Step;
            double above = reference.MeanLoss(input, labels, smoothing);
            values[i] = kept - Step;
            double below = reference.MeanLoss(input, labels, smoothing);
            values[i] = kept;
            double expected = (above - below) / (2 * Step);
            Assert.True(Math.Abs(expected - gradient[i]) <= Tolerance * scale, $"{name}[{i}]: expected {expected}, got {gradient[i]}, scale {scale}");
        }
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

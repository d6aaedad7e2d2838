using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Cpu.Tests;

/// <summary>What tests of the engine's inside do with small networks.</summary>
internal static class CpuNetworks
{
    /// <summary>Parameters with seeded values; running statistics that are not those of a fresh network.</summary>
    public static CpuParameterStore Parameters(Graph graph, CpuDevice device)
    {
        var parameters = new CpuParameterStore(graph.Parameters, device);
        TestNetworks.Initialize(parameters);
        return parameters;
    }

    /// <summary>Every trained parameter's gradient in the outside world's order.</summary>
    public static Dictionary<string, float[]> Gradients(GradientSession session, CpuDevice device)
    {
        var result = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (TrainedParameter trained in session.Trained)
        {
            float[] values = new float[trained.Parameter.Count];
            device.Unpack(trained.Parameter, trained.Gradient.Span, values);
            result[trained.Parameter.Name] = values;
        }

        return result;
    }

    /// <summary>Plain gradient descent on every trained parameter.</summary>
    public static void Update(GradientSession session, CpuDevice device)
    {
        foreach (TrainedParameter trained in session.Trained)
        {
            device.SgdStep(new SgdStep(0.05f, 0, 1e-3f, false), trained.Value.Span, trained.Gradient.Span, default);
        }
    }

    /// <summary>Holds the training pass's logits against the double-precision reference.</summary>
    public static void CheckLogits(CpuDevice device, Graph graph, int batch, float smoothing = 0, bool freezeStatistics = false)
    {
        GradientReference reference = GradientCheck.ReferenceOf(graph, batch, smoothing, freezeStatistics);
        using var parameters = new CpuParameterStore(graph.Parameters, device);
        foreach ((string name, float[] values) in reference.Parameters)
        {
            parameters.Import(name, values);
        }

        var options = new GradientSessionOptions { MaxBatch = batch + 1, LabelSmoothing = smoothing, FreezeBatchNormStatistics = freezeStatistics };
        using var session = new GradientSession(graph, parameters, options);
        session.Load(reference.Input);
        session.Step(reference.Labels, 0);
        GradientCheck.AssertClose(reference.Logits, session.Logits[..(batch * graph.Output.Shape.Channels)], "logits");
    }
}

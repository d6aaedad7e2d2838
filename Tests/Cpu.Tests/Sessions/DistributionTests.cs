using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Cpu.Tests.Sessions;

public sealed class DistributionTests : IDisposable
{
    private static readonly int[] Labels = [4, 0, 2, 1];
    private readonly CpuDevice _device = CpuDevice.Create(2);
    private readonly Graph _graph = TestNetworks.Residual(dropout: 0.3f);

    public void Dispose() => _device.Dispose();

    [Fact]
    public void StepSoftTargets_OneClassEach_IsAStepOnLabels()
    {
        int classes = _graph.Output.Shape.Channels;
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = Labels.Length });
        TestNetworks.Fill(session.Input, 5);
        StepResult onLabels = session.Step(Labels, 3);
        Dictionary<string, float[]> expected = CpuNetworks.Gradients(session, _device);

        float[] targets = new float[Labels.Length * classes];
        for (int i = 0; i < Labels.Length; i++)
        {
            targets[(i * classes) + Labels[i]] = 1;
        }

        TestNetworks.Fill(session.Input, 5);
        StepResult result = session.StepSoftTargets(targets, 3);

        Assert.Equal(onLabels.Correct, result.Correct);
        Assert.Equal(onLabels.LossSum, result.LossSum, 1e-9);
        Dictionary<string, float[]> actual = CpuNetworks.Gradients(session, _device);
        foreach ((string name, float[] gradient) in expected)
        {
            Assert.Equal(gradient, actual[name]);
        }
    }

    [Fact]
    public void StepSoftTargets_NoWholeNumberOfSamples_Throws()
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = 2 });
        Assert.Contains("1 to 2 samples", Assert.Throws<ArgumentException>(() => session.StepSoftTargets(new float[_graph.Output.Shape.Channels + 1], 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FindNonFinite_AWeightThatIsNone_NamesItsLayer()
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = 2 });
        TestNetworks.Fill(session.Input, 5);
        Assert.Null(session.FindNonFinite(2, 0));
        foreach (Node node in _graph.Nodes.Where(n => n.Parameters.Any(p => p.Role is ParameterRole.ConvolutionWeight or ParameterRole.LinearWeight)))
        {
            Parameter weight = node.Parameters[0];
            float[] values = parameters.Export(weight.Name);
            float[] broken = [.. values];
            broken[0] = float.NaN;
            parameters.Import(weight.Name, broken);
            TestNetworks.Fill(session.Input, 5);
            Assert.Equal(node.Name, session.FindNonFinite(2, 0));
            parameters.Import(weight.Name, values);

            // The running statistics took part.
            foreach (Parameter state in _graph.Parameters.Where(p => !p.IsTrainable))
            {
                parameters.Import(state.Name, [.. Enumerable.Repeat(1f, (int)state.Count)]);
            }
        }
    }
}

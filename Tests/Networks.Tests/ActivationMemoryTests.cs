using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Networks.Tests;

/// <summary>Training's activations and gradients, against what they took while concatenations copied their parts.</summary>
public sealed class ActivationMemoryTests : IDisposable
{
    private readonly CpuEngine _engine = new(1);

    public void Dispose() => _engine.Dispose();

    // Copying took 494.6 and 142.6 million bytes, sharing 350.8 and 121.5.
    [Theory]
    [InlineData("densenet121", 4, 0.75 * 494.6e6)]
    [InlineData("squeezenet1_1", 8, 0.9 * 142.6e6)]
    public void ActivationBytes_ConcatenatedMaps_AreHeldOnce(string network, int batch, double bytes)
    {
        Graph graph = NetworkRegistry.Default.Get(network).Build(new NetworkOptions());
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        using ITrainingSession session = _engine.CreateTraining(
            graph, parameters, new TrainingSpec { Groups = [TestNetworks.AllParameters(graph)], Optimizer = new SgdSpec(), MaxBatch = batch });
        Assert.InRange(session.ActivationBytes, 0, bytes);
    }
}

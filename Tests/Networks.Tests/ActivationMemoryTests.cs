using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;

namespace MLClassify.Networks.Tests;

/// <summary>Training's activations and gradients, against what they took while concatenations copied their parts.</summary>
public sealed class ActivationMemoryTests : IDisposable
{
    private readonly Device _device = Device.Cpu(1);

    public void Dispose() => _device.Dispose();

    // Copying took 494.6 and 142.6 million bytes, sharing 350.8 and 121.5.
    [Theory]
    [InlineData("densenet121", 4, 0.75 * 494.6e6)]
    [InlineData("squeezenet1_1", 8, 0.9 * 142.6e6)]
    public void ActivationBytes_ConcatenatedMaps_AreHeldOnce(string network, int batch, double bytes)
    {
        Graph graph = NetworkRegistry.Default.Get(network).Build(new NetworkOptions());
        using var parameters = new ParameterSet(graph.Parameters, _device);
        using var session = new TrainingSession(graph, parameters, new TrainingSessionOptions { MaxBatch = batch });
        Assert.InRange(session.ActivationBytes, 0, bytes);
    }
}

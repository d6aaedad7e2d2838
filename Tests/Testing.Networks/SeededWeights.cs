using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Networks;
using MLClassify.Networks.Weights;

namespace MLClassify.Testing;

/// <summary>Weight files of networks that were initialized and never trained.</summary>
public static class SeededWeights
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="network">The network's name in the registry.</param>
    /// <param name="classes">How many classes it has.</param>
    /// <param name="size">The width and height of its input.</param>
    /// <param name="seed">Decides the values.</param>
    /// <returns>The path.</returns>
    public static string Write(string path, string network, int classes, int size, ulong seed)
    {
        Graph graph = NetworkRegistry.Default.Get(network).Build(new NetworkOptions { Classes = classes, InputHeight = size, InputWidth = size });
        using Device device = Device.Cpu(1);
        using var parameters = new ParameterSet(graph.Parameters, device);
        parameters.Initialize(seed);
        SafetensorsWriter.Write(path, parameters);
        return path;
    }
}

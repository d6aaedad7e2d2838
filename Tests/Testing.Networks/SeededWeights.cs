using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.WeightFiles;

namespace MLClassify.Testing;

/// <summary>Weight files of networks that were initialized and never trained.</summary>
internal static class SeededWeights
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
        using var parameters = new HostParameterStore(graph.Parameters);
        parameters.Initialize(seed);
        SafetensorsWriter.Write(path, parameters);
        return path;
    }
}

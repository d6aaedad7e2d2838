using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify.WeightFiles.Packages;

/// <summary>
/// A package's network under the names that the registry's network of the same structure gives its parameters. It ends at the features:
/// there is no head.
/// </summary>
internal sealed class FeaturizerWeights : IWeightFile
{
    private readonly OnnxNetwork _network;
    private readonly IReadOnlyDictionary<string, string> _names;

    private FeaturizerWeights(string file, OnnxNetwork network, Graph graph, IReadOnlyDictionary<string, string> names)
    {
        File = file;
        _network = network;
        _names = names;
        Entries = [.. graph.Parameters.Where(p => names.ContainsKey(p.Name)).Select(p => new WeightEntry(p.Name, ElementType.F32, [.. p.Dimensions.Select(d => (long)d)]))];
    }

    /// <inheritdoc/>
    public string File { get; }

    /// <inheritdoc/>
    public IReadOnlyList<WeightEntry> Entries { get; }

    /// <summary>Opens a package's network.</summary>
    /// <param name="files">Where it is.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged, or its network is not the registry's.</exception>
    /// <exception cref="UnsupportedOnnxException">The file uses what is not supported; the message lists all of it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FeaturizerWeights Open(PackageFiles files)
    {
        OnnxNetwork network = OnnxNetwork.Open(files.Model);
        try
        {
            NetworkDefinition definition = NetworkRegistry.Default.Get(files.Package.Network);
            Shape input = network.Graph.Input.Shape;
            Graph graph = definition.Build(new NetworkOptions { InputHeight = input.Height, InputWidth = input.Width });
            (IReadOnlyDictionary<string, string>? names, string? difference) = StructureMatch.Compare(graph.Features, network.Graph.Output);
            return names is not null
                ? new FeaturizerWeights(files.Model, network, graph, names)
                : throw new InvalidWeightsException(
                    files.Model,
                    $"the package's network is not {definition.Name}: {difference}");
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Read(string name, Span<float> values) => _network.Read(_names[name], values);

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}

using MLClassify.Graphs;

namespace MLClassify.WeightFiles;

/// <summary>
/// How another project names, and perhaps lays out, the weights of an otherwise equal network. The naming that covers most of the
/// network's parameters is taken as the file's; torchvision's own names come first.
/// </summary>
/// <param name="FileName">The file's name of one of the network's parameters.</param>
internal sealed record CheckpointNaming(Func<string, string> FileName)
{
    /// <summary>
    /// Why such files are refused though all shapes fit, or null, the default: the networks differ in something that has no weights.
    /// </summary>
    public string? Refusal { get; init; }

    /// <summary>
    /// Presents the renamed file with the network's layout of values; null, the default, where the layout is the same.
    /// </summary>
    public Func<Graph, IWeightSource, IWeightSource>? Convert { get; init; }
}

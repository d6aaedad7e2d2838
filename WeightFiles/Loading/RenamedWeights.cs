using MLClassify.Graphs;

namespace MLClassify.WeightFiles;

/// <summary>
/// Presents a file with another project's names under the network's names. Tensors that the network does not have keep the file's names.
/// </summary>
internal sealed class RenamedWeights : IWeightSource
{
    private readonly IWeightSource _inner;
    private readonly Dictionary<string, string> _fileNames;

    private RenamedWeights(IWeightSource inner, Dictionary<string, string> fileNames)
    {
        _inner = inner;
        _fileNames = fileNames;
        Dictionary<string, string> names = fileNames.ToDictionary(n => n.Value, n => n.Key, StringComparer.Ordinal);
        Entries = [.. inner.Entries.Select(e => names.TryGetValue(e.Name, out string? name) ? e with { Name = name } : e)];
    }

    public string File => _inner.File;

    public IReadOnlyList<WeightEntry> Entries { get; }

    /// <summary>Chooses the naming that covers most of a network's parameters.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="source">The file.</param>
    /// <returns>The file in the network's names and layout, and why it must be refused all the same, or null.</returns>
    public static (IWeightSource Source, string? Refusal) Adapt(Graph graph, IWeightSource source)
    {
        string[] parameters = [.. graph.Parameters.Select(p => p.Name)];
        int most = Found(parameters, source, name => name).Count;
        if (most == parameters.Length)
        {
            return (source, null);
        }

        CheckpointNaming? best = null;
        Dictionary<string, string> names = [];
        foreach (CheckpointNaming dialect in CheckpointNamings.Of(graph.Name))
        {
            Dictionary<string, string> found = Found(parameters, source, dialect.FileName);
            if (found.Count > most)
            {
                (best, names, most) = (dialect, found, found.Count);
            }
        }

        if (best is null or { Refusal: not null })
        {
            return (source, best?.Refusal);
        }

        // Where a leftover has the name that another tensor now gets, the file has both names: it is in no dialect then.
        HashSet<string> taken = source.Entries.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        taken.ExceptWith(names.Values);
        if (taken.Overlaps(names.Keys))
        {
            return (source, null);
        }

        var renamed = new RenamedWeights(source, names);
        return (best.Convert is null ? renamed : best.Convert(graph, renamed), null);
    }

    public void Read(string name, Span<float> values) => _inner.Read(_fileNames.GetValueOrDefault(name, name), values);

    private static Dictionary<string, string> Found(string[] parameters, IWeightSource source, Func<string, string> fileName)
    {
        Dictionary<string, string> wanted = parameters.ToDictionary(p => p, fileName, StringComparer.Ordinal);
        var matcher = new NameMatcher(source.Entries, wanted.Values.ToHashSet(StringComparer.Ordinal));
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string parameter, string name) in wanted)
        {
            if (matcher.Find(name) is { } entry)
            {
                found.Add(parameter, entry.Name);
            }
        }

        return found;
    }
}

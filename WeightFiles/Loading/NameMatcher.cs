namespace MLClassify.WeightFiles;

/// <summary>
/// Finds parameters among a file's names. Files put prefixes before torchvision's names: <c>module.</c> (PyTorch's DataParallel, also in
/// the middle of a name), <c>model.</c>, <c>backbone.</c> and the like (a wrapper's field).
/// </summary>
internal sealed class NameMatcher
{
    private const string Counter = "num_batches_tracked";
    private const string Averaged = "n_averaged";
    private const string ParallelSegment = "module";
    private const int MaximumPrefixSegments = 4;

    private readonly Dictionary<string, WeightEntry> _entries = new(StringComparer.Ordinal);
    private readonly string _prefix;

    /// <summary>Decides which prefix the file uses: the one under which most parameters are found, the shortest of several.</summary>
    /// <param name="entries">The file's tensors.</param>
    /// <param name="parameters">The network's names.</param>
    public NameMatcher(IEnumerable<WeightEntry> entries, IReadOnlySet<string> parameters)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (WeightEntry entry in entries.Where(e => !IsCounter(e.Name)))
        {
            string name = WithoutParallelSegments(entry.Name);
            if (_entries.TryAdd(name, entry))
            {
                CountPrefixes(name, parameters, counts);
            }
        }

        _prefix = counts
            .OrderByDescending(c => c.Value)
            .ThenBy(c => c.Key.Length)
            .ThenBy(c => c.Key, StringComparer.Ordinal)
            .FirstOrDefault(KeyValuePair.Create("", 0)).Key;
    }

    /// <summary>
    /// Whether a tensor only counts: batches, as PyTorch's batch normalization does, or steps, as its averaged models do; nothing reads it.
    /// </summary>
    /// <param name="name">The file's name.</param>
    public static bool IsCounter(string name) => name is Counter or Averaged
        || name.EndsWith("." + Counter, StringComparison.Ordinal);

    /// <summary>The file's tensor for a parameter, or null. A head beside a wrapped backbone may lack the prefix.</summary>
    /// <param name="parameter">The network's name.</param>
    public WeightEntry? Find(string parameter) => _entries.GetValueOrDefault(_prefix + parameter) ?? _entries.GetValueOrDefault(parameter);

    /// <summary>A file's name as the network would have it.</summary>
    /// <param name="name">The file's name.</param>
    public string WithoutPrefix(string name)
    {
        string plain = WithoutParallelSegments(name);
        return plain.StartsWith(_prefix, StringComparison.Ordinal) ? plain[_prefix.Length..] : plain;
    }

    private static string WithoutParallelSegments(string name) => name.Contains(ParallelSegment, StringComparison.Ordinal)
        ? string.Join('.', name.Split('.').Where(segment => segment != ParallelSegment))
        : name;

    private static void CountPrefixes(string name, IReadOnlySet<string> parameters, Dictionary<string, int> counts)
    {
        int start = 0;
        for (int segments = 0; segments <= MaximumPrefixSegments; segments++)
        {
            if (parameters.Contains(name[start..]))
            {
                string prefix = name[..start];
                counts[prefix] = counts.GetValueOrDefault(prefix) + 1;
            }

            int dot = name.IndexOf('.', start);
            if (dot < 0)
            {
                return;
            }

            start = dot + 1;
        }
    }
}

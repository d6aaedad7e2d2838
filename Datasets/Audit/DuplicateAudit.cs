namespace MLClassify.Datasets;

/// <summary>Warnings about duplicate files.</summary>
internal sealed class DuplicateAudit
{
    private readonly DatasetAuditOptions _options;
    private readonly int _trainingCount;
    private readonly string[] _paths;
    private readonly int[] _labels;
    private readonly List<string> _names = [];

    public DuplicateAudit(ImageDataset training, ImageDataset? validation, DatasetAuditOptions options)
    {
        _options = options;
        _trainingCount = training.Count;
        ImageDataset[] sets = validation is null ? [training] : [training, validation];
        _paths = [.. sets.SelectMany(s => s.Samples).Select(s => s.Path)];
        _labels = new int[_paths.Length];
        var byName = new Dictionary<string, int>(StringComparer.Ordinal);
        int index = 0;
        foreach (ImageDataset set in sets)
        {
            int[] labels = [.. set.ClassNames.Select(name => Label(byName, name))];
            foreach (ImageSample sample in set.Samples)
            {
                _labels[index++] = labels[sample.Label];
            }
        }
    }

    /// <summary>Reads the files and names the groups that matter.</summary>
    public IEnumerable<DatasetWarning?> Run(CancellationToken cancellationToken)
    {
        IReadOnlyList<int[]> groups = new EqualFiles(_paths, _options.LargestFile, _options.Threads).Find(cancellationToken);
        int[][] leaked = [.. groups.Where(g => g.Any(IsTraining) && !g.All(IsTraining))];
        int[][] training = [.. groups.Select(g => g.Where(IsTraining).ToArray()).Where(g => g.Length > 1)];
        int[][] conflicting = [.. training.Where(g => g.Any(i => _labels[i] != _labels[g[0]]))];
        int[][] repeated = [.. training.Where(g => g.All(i => _labels[i] == _labels[g[0]]))];
        return
        [
            Warning(DatasetWarningIds.TrainedAndValidated, leaked, n => $"{Images(n)} both trained and validated on", AcrossSets),
            Warning(DatasetWarningIds.ConflictingLabels, conflicting, n => $"{Images(n)} trained under several classes", AcrossClasses),
            Warning(DatasetWarningIds.Repeated, repeated, n => $"{Images(n)} more than once in one class", g => (g[0], g[1])),
        ];
    }

    private static string Images(int count) => count == 1 ? "1 image is" : FormattableString.Invariant($"{count} images are");

    private int Label(Dictionary<string, int> byName, string name)
    {
        if (!byName.TryGetValue(name, out int label))
        {
            label = _names.Count;
            byName.Add(name, label);
            _names.Add(name);
        }

        return label;
    }

    private bool IsTraining(int index) => index < _trainingCount;

    private (int First, int Second) AcrossSets(int[] group) => (Array.Find(group, IsTraining), Array.Find(group, i => !IsTraining(i)));

    private (int First, int Second) AcrossClasses(int[] group) => (group[0], Array.Find(group, i => _labels[i] != _labels[group[0]]));

    private DatasetWarning? Warning(string id, int[][] groups, Func<int, string> what, Func<int[], (int First, int Second)> example)
    {
        if (groups.Length == 0)
        {
            return null;
        }

        (int first, int second) = example(groups[0]);
        return new DatasetWarning(
            id,
            $"{what(groups.Length)}: {_paths[first]} ({_names[_labels[first]]}) is {_paths[second]} ({_names[_labels[second]]})",
            groups.Length,
            [.. groups.Take(_options.MostItems).Select(g => string.Join('\t', g.Take(_options.MostItems).Select(i => _paths[i])))]);
    }
}

namespace MLClassify.Datasets;

/// <summary>A file that lists images with their class, group and part of the split: see <see cref="ImageFolderOptions.Labels"/>.</summary>
internal sealed class LabelFile
{
    private const string PathColumn = "path";
    private const string LabelColumn = "label";
    private const string GroupColumn = "group";
    private const string SplitColumn = "split";
    private static readonly string[] Columns = [PathColumn, LabelColumn, GroupColumn, SplitColumn];

    private readonly string _file;
    private readonly string _root;
    private readonly IReadOnlyDictionary<string, string> _folderClasses;
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly List<SkippedFile> _ignored;
    private readonly List<string> _warnings;
    private int _missing;

    private LabelFile(string file, string root, IReadOnlyDictionary<string, string> folderClasses, List<SkippedFile> ignored, List<string> warnings) =>
        (_file, _root, _folderClasses, _ignored, _warnings) = (file, root, folderClasses, ignored, warnings);

    private enum Part
    {
        Train,
        Validation,
        Test,
    }

    private bool HasLabels => _columns.ContainsKey(LabelColumn);

    /// <summary>Whether the file says the classes itself.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="InvalidDatasetException">It cannot be read, or has no usable header.</exception>
    public static bool SaysClasses(string file)
    {
        var labels = new LabelFile(file, "", new Dictionary<string, string>(), [], []);
        labels.ReadHeader(labels.Rows().FirstOrDefault());
        return labels.HasLabels;
    }

    /// <summary>Reads the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="root">The images' folder.</param>
    /// <param name="folderClasses">Each image's class by its folder, where the file has no labels.</param>
    /// <param name="ignored">Receives what is listed and does not take part.</param>
    /// <param name="warnings">Receives what is to be said.</param>
    /// <param name="minimumClasses">Fewest classes.</param>
    /// <exception cref="InvalidDatasetException">The file is no such list; the message names file, line, what was found and what was expected.</exception>
    public static ImageFolder Read(
        string file, string root, IReadOnlyDictionary<string, string> folderClasses, List<SkippedFile> ignored, List<string> warnings, int minimumClasses) =>
        new LabelFile(file, root, folderClasses, ignored, warnings).Read(minimumClasses);

    private ImageFolder Read(int minimumClasses)
    {
        int line = 0;
        foreach ((int number, string[] values) in Rows())
        {
            if (line == 0)
            {
                ReadHeader((number, values));
            }
            else
            {
                Add(number, values);
            }

            line = number;
        }

        if (line == 0)
        {
            ReadHeader(default);
        }

        if (_missing > 0)
        {
            _warnings.Add(FormattableString.Invariant($"{_missing} images that {_file} lists are not there and are left out, such as {_ignored.First(file => file.Reason.StartsWith("listed", StringComparison.Ordinal)).Path}."));
        }

        string[] names = [.. _rows.Values.Where(row => row.Part == Part.Train).Select(row => row.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (names.Length < minimumClasses)
        {
            throw new InvalidDatasetException(FormattableString.Invariant(
                $"{_file}: found {_rows.Count} images of {names.Length} classes to train on{(names.Length == 0 ? "" : $" ({NameList.Join(names)})")}, expected at least {minimumClasses} classes."));
        }

        string[] unknown = [.. _rows.Values.Select(row => row.Label).Except(names, StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            Row row = _rows.Values.First(row => row.Label == unknown[0]);
            throw Error(row.Line, $"an image of {row.Label} that is held out", "a class that has images to train on");
        }

        WarnOfTornGroups();
        WarnOfUnlisted();
        return new ImageFolder(_root, Dataset(names, Part.Train)!, Dataset(names, Part.Validation), Dataset(names, Part.Test), _ignored, _warnings);
    }

    private IEnumerable<(int Line, string[] Values)> Rows()
    {
        IEnumerator<(int, string[])> rows;
        try
        {
            rows = SeparatedText.Read(_file).GetEnumerator();
            if (!rows.MoveNext())
            {
                yield break;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDatasetException($"The file of labels {_file} cannot be read: {e.Message}", e);
        }

        do
        {
            yield return rows.Current;
        }
        while (rows.MoveNext());
    }

    private void ReadHeader((int Line, string[] Values) header)
    {
        string[] names = header.Values ?? [];
        for (int i = 0; i < names.Length; i++)
        {
            if (Columns.Contains(names[i], StringComparer.OrdinalIgnoreCase) && !_columns.TryAdd(names[i], i))
            {
                throw Error(header.Line, $"two columns '{names[i]}'", "one");
            }
        }

        if (!_columns.ContainsKey(PathColumn) || _columns.Count < 2)
        {
            throw Error(
                Math.Max(header.Line, 1),
                names.Length == 0 ? "nothing" : $"the columns {NameList.Join([.. names.Select(name => $"'{name}'")])}",
                "a header with the column path and one or more of label, group and split");
        }

        string[] others = [.. names.Where(name => name.Length > 0 && !_columns.ContainsKey(name))];
        if (others.Length > 0)
        {
            _warnings.Add($"Columns of {_file} that are not used: {NameList.Join(others)}.");
        }
    }

    private void Add(int line, string[] values)
    {
        string Value(string column) => _columns.TryGetValue(column, out int index) && index < values.Length ? values[index] : "";
        string given = Value(PathColumn);
        if (given.Length == 0)
        {
            throw Error(line, "no path", "an image's path");
        }

        Part part = Value(SplitColumn).ToUpperInvariant() switch
        {
            "" or "TRAIN" or "TRAINING" => Part.Train,
            "VAL" or "VALID" or "VALIDATION" => Part.Validation,
            "TEST" => Part.Test,
            _ => throw Error(line, $"the split '{Value(SplitColumn)}'", "train, val or test"),
        };
        if (Find(given) is not { } path)
        {
            _missing++;
            _ignored.Add(new SkippedFile(given, FormattableString.Invariant($"listed in line {line} of {Path.GetFileName(_file)}, found neither in the images' folder nor beside the list")));
            return;
        }

        if (!ImageFileTypes.IsImage(path))
        {
            _ignored.Add(new SkippedFile(path, FormattableString.Invariant($"listed in line {line} of {Path.GetFileName(_file)}, not an image: extension {Path.GetExtension(path)}")));
            return;
        }

        string label = HasLabels ? Value(LabelColumn) : _folderClasses.GetValueOrDefault(path, "");
        if (label.Length == 0)
        {
            throw HasLabels ? Error(line, $"no label of {given}", "its class") : Error(line, $"{given} in no class's folder", "a column label, or images in one subfolder a class");
        }

        if (_rows.TryGetValue(path, out Row? earlier))
        {
            if (earlier.Label != label || earlier.Part != part)
            {
                throw Error(line, $"{given} as {label} in {Name(part)}", FormattableString.Invariant($"what line {earlier.Line} says of it, {earlier.Label} in {Name(earlier.Part)}"));
            }

            return;
        }

        _rows.Add(path, new Row(line, path, label, Value(GroupColumn) is { Length: > 0 } group ? group : null, part));
    }

    // Lists that were written on Windows have backslashes.
    private string? Find(string given)
    {
        foreach (string name in new[] { given, given.Replace('\\', '/') })
        {
            foreach (string folder in new[] { _root, Path.GetDirectoryName(_file) ?? "" })
            {
                string path = Path.GetFullPath(Path.Combine(folder, name));
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        return null;
    }

    private void WarnOfTornGroups()
    {
        string[] torn = [.. _rows.Values.Where(row => row.Group is not null).GroupBy(row => row.Group!).Where(group => group.Select(row => row.Part).Distinct().Count() > 1).Select(group => group.Key)];
        if (torn.Length > 0)
        {
            _warnings.Add(FormattableString.Invariant($"{_file} puts images of one group into several parts of the split, of {torn.Length} groups: {NameList.Join(torn)}."));
        }
    }

    private void WarnOfUnlisted()
    {
        int unlisted = _folderClasses.Keys.Count(path => !_rows.ContainsKey(path));
        if (unlisted > 0)
        {
            _warnings.Add(FormattableString.Invariant($"{unlisted} images of {_root} are not in {_file} and are left out, such as {_folderClasses.Keys.First(path => !_rows.ContainsKey(path))}."));
        }
    }

    private ImageDataset? Dataset(string[] names, Part part)
    {
        ImageSample[] samples =
        [
            .. _rows.Values.Where(row => row.Part == part).Select(row => new ImageSample(row.Path, Array.IndexOf(names, row.Label)) { Group = row.Group })
                .OrderBy(sample => sample.Label).ThenBy(sample => sample.Path, StringComparer.Ordinal),
        ];
        return samples.Length == 0 && part != Part.Train ? null : new ImageDataset(names, samples);
    }

    private static string Name(Part part) => part switch { Part.Train => "train", Part.Validation => "val", _ => "test" };

    private InvalidDatasetException Error(int line, string found, string expected) =>
        new(FormattableString.Invariant($"{_file}, line {line}: found {found}, expected {expected}."));

    private sealed record Row(int Line, string Path, string Label, string? Group, Part Part);
}

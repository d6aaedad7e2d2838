using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>The data of a search: what is tried on, what is set aside, and which images of it can be read.</summary>
internal sealed class SearchData
{
    private readonly ImageSearchOptions _options;
    private readonly LabelColumn _label;
    private readonly IDataView _rows;
    private readonly uint[] _keys;
    private readonly List<SkippedFile> _skipped = [];
    private bool[]? _isReadable;

    /// <summary>Reads the labels, and sets the test aside.</summary>
    /// <param name="photos">The data; it must give the same rows in the same order each time.</param>
    /// <param name="options">Columns and test.</param>
    /// <param name="seed">Decides which rows are set aside.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, or there is one class only.</exception>
    /// <exception cref="InvalidDatasetException">There is nothing to train on.</exception>
    public SearchData(IDataView photos, ImageSearchOptions options, long seed)
    {
        _options = options;
        _label = LabelColumn.Find(photos.Schema, options.LabelColumnName);
        _ = ImageColumns.Find(photos.Schema, options.ImageColumnName);
        if (options.TestSet is { } set)
        {
            _ = LabelColumn.Find(set.Schema, options.LabelColumnName);
            _ = ImageColumns.Find(set.Schema, options.ImageColumnName);
        }

        uint[] keys = StratifiedRows.KeysOf(photos, _label);
        bool[] isTest = options.TestFraction > 0 ? StratifiedRows.Draw(keys, options.TestFraction, seed) : new bool[keys.Length];
        bool[] isLabeled = [.. keys.Select(key => key > 0 && key <= _label.Classes)];
        bool[] isUsed = [.. isLabeled.Select((labeled, row) => labeled && !isTest[row])];
        _rows = new RowSubset(photos, isUsed);
        _keys = [.. keys.Where((_, row) => isUsed[row])];
        RowsWithoutLabel = isLabeled.Count(labeled => !labeled);
        Test = options.TestSet ?? (options.TestFraction > 0 ? new RowSubset(photos, [.. isTest.Select((test, row) => test && isLabeled[row])]) : null);
        Check();
    }

    /// <summary>Rows without a label.</summary>
    public int RowsWithoutLabel { get; }

    /// <summary>Images that no trial sees; null for none.</summary>
    public IDataView? Test { get; }

    /// <summary>Images that cannot be read; known when features were computed once.</summary>
    public IReadOnlyList<SkippedFile> Skipped => _skipped;

    /// <summary>The images that all trials have; known when features were computed once.</summary>
    public SearchImages? Images { get; private set; }

    /// <summary>Rows that have a label.</summary>
    public int Count => _keys.Length;

    /// <summary>Computes the features of all images that can be read.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="isOver">Asked before every image whether to give up.</param>
    /// <returns>The features; null where it gave up.</returns>
    public SearchFeatures? Compute(SearchBackbone backbone, Func<bool> isOver)
    {
        long start = _options.TimeProvider.GetTimestamp();
        using BackboneFeaturesTransformer network = backbone.CreateFeatures(_options.ImageColumnName, UnreadableImages.Missing);
        var rows = new List<float[]>();
        var names = new List<string>();
        bool[] isReadable = new bool[_keys.Length];
        using (DataViewRowCursor cursor = Open(network.Transform(_rows), out ValueGetter<VBuffer<float>> getFeatures, out ValueGetter<ReadOnlyMemory<char>>? getPath))
        {
            VBuffer<float> features = default;
            ReadOnlyMemory<char> path = default;
            for (int row = 0; cursor.MoveNext(); row++)
            {
                if (isOver())
                {
                    return null;
                }

                getFeatures(ref features);
                getPath?.Invoke(ref path);
                float[] values = [.. features.DenseValues()];
                string name = path.Length > 0 ? path.ToString() : FormattableString.Invariant($"row {row}");
                isReadable[row] = !float.IsNaN(values[0]);
                if (isReadable[row] && _isReadable?[row] != false)
                {
                    rows.Add(values);
                    names.Add(name);
                }
                else if (_isReadable is null)
                {
                    _skipped.Add(new SkippedFile(name, "the image cannot be read"));
                }
                else if (_isReadable[row])
                {
                    throw new IOException($"the image {name} could be read before, and cannot be read now");
                }
            }
        }

        double milliseconds = _options.TimeProvider.GetElapsedTime(start).TotalMilliseconds / Math.Max(1, rows.Count);
        KeepImages(isReadable, names);
        return new SearchFeatures(Images!, [.. rows]) { Milliseconds = milliseconds, MultiplyAdds = network.MultiplyAdds };
    }

    private DataViewRowCursor Open(IDataView data, out ValueGetter<VBuffer<float>> getFeatures, out ValueGetter<ReadOnlyMemory<char>>? getPath)
    {
        DataViewSchema.Column features = data.Schema[FeatureRowsView.FeaturesName];
        DataViewSchema.Column? path = data.Schema[_options.ImageColumnName] is { Type: TextDataViewType } text ? text : null;
        DataViewRowCursor cursor = data.GetRowCursor(path is { } named ? [features, named] : [features]);
        getFeatures = cursor.GetGetter<VBuffer<float>>(features);
        getPath = path is { } column ? cursor.GetGetter<ReadOnlyMemory<char>>(column) : null;
        return cursor;
    }

    private void KeepImages(bool[] isReadable, List<string> names)
    {
        if (Images is not null)
        {
            return;
        }

        _isReadable = isReadable;
        Images = new SearchImages(_label, _label.ClassNames(), [.. _keys.Where((_, row) => isReadable[row]).Select(key => (int)key - 1)], [.. names]);
    }

    /// <summary>Checks that there is something to train on, among the images that can be read where these are known.</summary>
    /// <exception cref="ArgumentException">There is one class only.</exception>
    /// <exception cref="InvalidDatasetException">There is nothing.</exception>
    public void Check()
    {
        int[] perClass = new int[_label.Classes];
        for (int row = 0; row < _keys.Length; row++)
        {
            perClass[_keys[row] - 1] += _isReadable?[row] == false ? 0 : 1;
        }

        TrainingRows.Check(_label.ClassNames(), perClass, RowsWithoutLabel, _skipped.Count, _options.LabelColumnName, _options.ImageColumnName);
    }
}

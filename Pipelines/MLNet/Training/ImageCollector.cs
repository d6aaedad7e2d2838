using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>
/// Goes once through data and lists its images as files, which is what trainers read, once an epoch. Encoded bytes, and images that are
/// decoded already, are written to a temporary folder, so that memory does not limit their number.
/// </summary>
internal sealed class ImageCollector(TemporaryFolder folder, string imageColumn, string labelColumn)
{
    private readonly List<SkippedFile> _skipped = [];
    private readonly Dictionary<string, string> _rows = new(StringComparer.Ordinal);

    /// <summary>Rows without a label so far.</summary>
    public int RowsWithoutLabel { get; private set; }

    /// <summary>The rows so far that name no image.</summary>
    public IReadOnlyCollection<SkippedFile> Unusable => _skipped;

    /// <summary>Lists the images of some data.</summary>
    /// <param name="data">The data.</param>
    /// <param name="what">What it is for people, such as <c>validation row</c>.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The images and the label column.</returns>
    public (ImageDataset Images, LabelColumn Label) Collect(IDataView data, string what, CancellationToken cancellationToken)
    {
        LabelColumn label = LabelColumn.Find(data.Schema, labelColumn);
        DataViewSchema.Column image = ImageColumns.Find(data.Schema, imageColumn);
        var samples = new List<ImageSample>();
        using DataViewRowCursor cursor = data.GetRowCursor([label.Column, image]);
        var images = ImageInput.Create(cursor, image, slots: 1);
        ValueGetter<uint> getLabel = cursor.GetGetter<uint>(label.Column);
        uint key = 0;
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            getLabel(ref key);
            if (key == 0 || key > label.Classes)
            {
                RowsWithoutLabel++;
                continue;
            }

            string row = FormattableString.Invariant($"{what} {cursor.Position}");
            images.Fetch(0);
            if (PathOf(images, row) is { } path)
            {
                samples.Add(new ImageSample(path, (int)key - 1));
            }
        }

        return (new ImageDataset(label.ClassNames(), samples), label);
    }

    /// <summary>The images that could not be read here or by a trainer; those from bytes are named by their row.</summary>
    public IReadOnlyList<SkippedFile> Skipped(IEnumerable<SkippedFile> byTrainer) =>
        [.. _skipped, .. byTrainer.Select(s => _rows.TryGetValue(s.Path, out string? row) ? s with { Path = row } : s)];

    /// <summary>An error's text that names rows where it names files that were written here.</summary>
    /// <param name="message">The text.</param>
    public string Describe(string message) =>
        _rows.FirstOrDefault(entry => message.Contains(entry.Key, StringComparison.Ordinal)) is { Key: { } file, Value: { } row }
            ? message.Replace(file, FormattableString.Invariant($"{row} of the column '{imageColumn}'"), StringComparison.Ordinal)
            : message;

    private string? PathOf(ImageInput images, string row)
    {
        if (images.Path(0) is { } path)
        {
            // What a file system never takes would be a caller's mistake further down.
            string? problem = path.Length == 0 ? "there is no path" : path.Contains('\0', StringComparison.Ordinal) ? "the path contains a zero character" : null;
            if (problem is not null)
            {
                _skipped.Add(new SkippedFile(row, problem));
            }

            return problem is null ? path : null;
        }

        string file = folder[FormattableString.Invariant($"{_rows.Count}.image")];
        if (images.Save(0, file) is { } reason)
        {
            _skipped.Add(new SkippedFile(row, reason));
            return null;
        }

        _rows.Add(file, row);
        return file;
    }
}

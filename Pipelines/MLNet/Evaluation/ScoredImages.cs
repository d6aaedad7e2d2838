using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.Evaluation;

namespace MLClassify.MLNet;

/// <summary>Reads scored data as results of an evaluation.</summary>
/// <param name="labelColumn">The column with the true classes, a key.</param>
/// <param name="scoreColumn">The column with the probabilities.</param>
/// <param name="imageColumn">A column of text that names the image; where there is none, rows are named by their number.</param>
internal sealed class ScoredImages(string labelColumn, string scoreColumn, string imageColumn)
{
    /// <summary>Counts all rows.</summary>
    public EvaluationResult Evaluate(IDataView data)
    {
        LabelColumn label = LabelColumn.Find(data.Schema, labelColumn);
        DataViewSchema.Column score = data.Schema.GetColumnOrNull(scoreColumn) ?? throw ImageColumns.Missing(scoreColumn, data.Schema.Select(c => c.Name));
        if (score.Type is not VectorDataViewType { ItemType: NumberDataViewType item, Size: > 0 and var classes } || item.RawType != typeof(float))
        {
            throw new ArgumentException($"The score column '{scoreColumn}' is {score.Type}; expected a vector of Single, a number a class.");
        }

        IReadOnlyList<string> names = ClassNames(score, label, classes);
        int[] labels = Order(label, names);
        DataViewSchema.Column? image = data.Schema.GetColumnOrNull(imageColumn) is { Type: TextDataViewType } column ? column : null;
        using DataViewRowCursor cursor = data.GetRowCursor(image is { } named ? [label.Column, score, named] : [label.Column, score]);
        return Count(cursor, new EvaluationAccumulator(names), label, score, image, labels);
    }

    private static EvaluationResult Count(
        DataViewRowCursor cursor, EvaluationAccumulator counts, LabelColumn label, DataViewSchema.Column score, DataViewSchema.Column? image, int[] labels)
    {
        ValueGetter<uint> getLabel = cursor.GetGetter<uint>(label.Column);
        ValueGetter<VBuffer<float>> getScores = cursor.GetGetter<VBuffer<float>>(score);
        ValueGetter<ReadOnlyMemory<char>>? getPath = image is { } column ? cursor.GetGetter<ReadOnlyMemory<char>>(column) : null;
        VBuffer<float> scores = default;
        ReadOnlyMemory<char> path = default;
        uint key = 0;
        var skipped = new List<SkippedFile>();
        while (cursor.MoveNext())
        {
            getLabel(ref key);
            getScores(ref scores);
            getPath?.Invoke(ref path);
            string name = path.Length > 0 ? path.ToString() : FormattableString.Invariant($"row {cursor.Position}");
            float[] logits = Logits([.. scores.DenseValues()]);
            if (key == 0 || key > labels.Length || Array.Exists(logits, float.IsNaN))
            {
                skipped.Add(new SkippedFile(name, key == 0 || key > labels.Length ? "there is no label" : "there is no score: the image could not be read"));
                continue;
            }

            counts.Add(new ImageSample(name, labels[key - 1]), logits);
        }

        return counts.ToResult(skipped);
    }

    // Scores that are no probabilities, such as margins and logarithms, rank all the same; what their loss is worth is their trainer's affair.
    private static float[] Logits(float[] scores) =>
        Array.Exists(scores, score => score is < 0 or > 1.001f) ? scores : [.. scores.Select(probability => MathF.Log(probability))];

    // The scores say whose they are, where they were made by a trainer that does; else the keys' order is theirs.
    private static IReadOnlyList<string> ClassNames(DataViewSchema.Column score, LabelColumn label, int classes)
    {
        VBuffer<ReadOnlyMemory<char>> slots = default;
        if (score.HasSlotNames())
        {
            score.GetSlotNames(ref slots);
            string[] names = [.. slots.DenseValues().Select(name => name.ToString())];
            if (names.Length == classes && names.Distinct(StringComparer.Ordinal).Count() == classes && !names.Contains(""))
            {
                return names;
            }
        }

        return label.Classes == classes
            ? label.ClassNames()
            : throw new ArgumentException(FormattableString.Invariant($"There are {label.Classes} classes in the labels and {classes} scores a row, which have no names."));
    }

    // By name, so that a folder with other classes, or in another order, is measured right.
    private static int[] Order(LabelColumn label, IReadOnlyList<string> names)
    {
        IReadOnlyList<string> own = label.ClassNames();
        Dictionary<string, int> places = names.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        int[] order = [.. own.Select(name => places.GetValueOrDefault(name, -1))];
        if (order.Contains(-1))
        {
            return label.Names is null && own.Count == names.Count
                ? [.. Enumerable.Range(0, own.Count)]
                : throw new ArgumentException($"The label '{own[Array.IndexOf(order, -1)]}' is not among the classes that are scored: {string.Join(", ", names.Take(8))}.");
        }

        return order;
    }
}

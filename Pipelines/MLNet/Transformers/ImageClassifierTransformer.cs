using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLClassify.Common;
using MLClassify.Models;

namespace MLClassify.MLNet;

/// <summary>
/// A trained classifier in a pipeline: adds the predicted label (a key with the label's <c>KeyValues</c>) and the probabilities (a vector of
/// one Single a class, with <c>SlotNames</c>), annotated like those of ML.NET's own multiclass models. An image that cannot be read gives
/// probabilities of NaN and a missing label, unless <see cref="ImageTransformer.Unreadable"/> says otherwise.
/// </summary>
public sealed class ImageClassifierTransformer : ImageTransformer
{
    private readonly bool _owns;
    private readonly KeyNames? _names;

    internal ImageClassifierTransformer(ImageClassifier classifier, KeyNames? names, ClassifierColumns columns, bool owns = true)
        : base(columns.Image, columns.Unreadable)
    {
        Classifier = classifier;
        _names = names;
        _owns = owns;
        PredictedLabelColumnName = columns.PredictedLabel;
        ScoreColumnName = columns.Score;
        Computation = new ScoresComputation(classifier.Preprocessing.CropSize, classifier.Labels.Count, () => classifier.Predictor);
    }

    /// <summary>
    /// The classifier, for all that ML.NET has no name for: <see cref="ImageClassifier.Save(string)"/>,
    /// <see cref="ImageClassifier.ExportOnnx"/>, <see cref="ImageClassifier.Explain(string, string?)"/>. Disposed with the transformer.
    /// </summary>
    public ImageClassifier Classifier { get; }

    /// <summary>The column with the likeliest class.</summary>
    public string PredictedLabelColumnName { get; }

    /// <summary>The column with the probabilities.</summary>
    public string ScoreColumnName { get; }

    /// <summary>A summary of training; null when the transformer was loaded rather than trained.</summary>
    public ImageTrainingSummary? Training { get; internal init; }

    /// <summary>Makes a transformer from what a file holds.</summary>
    internal static ImageClassifierTransformer From(TransformerSettings settings, TrainedModel model)
    {
        try
        {
            KeyNames? names = settings.KeyType is { } type ? KeyNames.Parse(type, settings.KeyValues ?? []) : null;
            if (names is not null && names.Names.Count != model.Labels.Count)
            {
                throw new FormatException(FormattableString.Invariant($"{names.Names.Count} key values for {model.Labels.Count} classes"));
            }

            var columns = new ClassifierColumns(settings.ImageColumn, settings.PredictedLabelColumn!, settings.ScoreColumn!, settings.Unreadable);
            return new ImageClassifierTransformer(new ImageClassifier(model), names, columns);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private protected override IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(DataViewSchema input) =>
        ScoreColumns.Describe(input, PredictedLabelColumnName, ScoreColumnName, Classifier.Labels.Count, _names);

    // ML.NET's evaluators compare keys by their numbers: where the labels' have another order, their figures are false.
    private protected override void Inspect(DataViewSchema input)
    {
        IReadOnlyList<string> classes = _names?.Names ?? Classifier.Labels;
        foreach (DataViewSchema.Column column in input.Where(column => column is { IsHidden: false, Type: KeyDataViewType }))
        {
            string? moved = KeyNames.Of(column)?.FirstElsewhere(classes);
            if (moved is not null)
            {
                Computation.Warn(MessageSensitivity.UserData,
                    $"The keys of the column '{column.Name}' have another order than the model's classes ('{moved}' is one), and ML.NET's Evaluate compares keys by their numbers: "
                    + $"use EvaluateImages, which compares names, or give MapValueToKey the classes in the order of the column '{PredictedLabelColumnName}' (keyData).");
            }
        }
    }

    private protected override ImageComputation Computation { get; }

    private protected override ArchivedTransformer Describe() => new(
        new TransformerSettings
        {
            Kind = TransformerKind.Classifier,
            ImageColumn = ImageColumnName,
            Unreadable = Unreadable,
            ScoreColumn = ScoreColumnName,
            PredictedLabelColumn = PredictedLabelColumnName,
            KeyType = _names?.TypeName,
            KeyValues = _names?.Names,
        },
        Classifier.Save);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _owns)
        {
            Classifier.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Classes and probabilities from a network's logits.</summary>
    private sealed class ScoresComputation(int size, int classes, Func<Predictor> predictor) : NetworkComputation(size, classes, predictor)
    {
        public override Delegate Getter(int added, IRowValues row) =>
            added == 0 ? (ValueGetter<uint>)((ref uint value) => value = Key(row.Current())) : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                ReadOnlySpan<float> logits = row.Current();
                VBufferEditor<float> editor = VBufferEditor.Create(ref value, OutputLength);
                if (logits.IsEmpty)
                {
                    editor.Values.Fill(float.NaN);
                }
                else
                {
                    Softmax.Write(logits, editor.Values);
                }

                value = editor.Commit();
            });

        private static uint Key(ReadOnlySpan<float> logits) => logits.IsEmpty ? 0 : (uint)Prediction.LikeliestOf(logits) + 1;
    }
}

/// <summary>The columns of a classifier.</summary>
internal sealed record ClassifierColumns(string Image, string PredictedLabel, string Score, UnreadableImages Unreadable)
{
    /// <exception cref="ArgumentException">A name is empty, or both results have the same.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Image);
        ArgumentException.ThrowIfNullOrEmpty(PredictedLabel);
        ArgumentException.ThrowIfNullOrEmpty(Score);
        if (PredictedLabel == Score)
        {
            throw new ArgumentException($"The predicted label and the score cannot both be the column '{Score}'.");
        }
    }
}

/// <summary>A summary of training.</summary>
public sealed record ImageTrainingSummary
{
    /// <summary>The epochs that were finished.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>The validation result of the best epoch; null when no epoch was finished.</summary>
    public required EvaluationResult? Validation { get; init; }

    /// <summary>Images that could not be read, and why; those from bytes are named by their row.</summary>
    public required IReadOnlyList<SkippedFile> Skipped { get; init; }

    /// <summary>Rows without a label, which were left out.</summary>
    public required int RowsWithoutLabel { get; init; }

    /// <summary>Warnings.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Whether training was canceled; the classifier is then the best so far.</summary>
    public required bool IsCanceled { get; init; }
}

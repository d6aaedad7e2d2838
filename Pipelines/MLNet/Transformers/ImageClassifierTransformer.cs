using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.Imaging;
using MLClassify.Models;

namespace MLClassify.MLNet;

/// <summary>
/// A trained classifier in a pipeline: adds the predicted label (a key with the label's <c>KeyValues</c>) and the probabilities (a vector of
/// one Single a class, with <c>SlotNames</c>), annotated like those of ML.NET's own multiclass models. A picture that cannot be read gives
/// probabilities of NaN and a missing label, unless <see cref="PictureTransformer.Unreadable"/> says otherwise.
/// </summary>
public sealed class ImageClassifierTransformer : PictureTransformer
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

    /// <summary>How training went; null where the transformer was not trained here, such as after loading.</summary>
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

    private protected override IRowOutput CreateOutput(DataViewRow row, PictureReader reader) => new Output(Classifier, row, reader);

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

    /// <summary>One prediction a row, whichever of its columns is asked for first.</summary>
    private sealed class Output(ImageClassifier classifier, DataViewRow row, PictureReader reader) : IRowOutput
    {
        private long? _position;
        private Prediction? _prediction;

        public Delegate Getter(int added) => added == 0 ? (ValueGetter<uint>)GetLabel : (ValueGetter<VBuffer<float>>)GetScores;

        private void GetLabel(ref uint value) => value = Current() is { } prediction ? (uint)prediction.LabelIndex + 1 : 0;

        private void GetScores(ref VBuffer<float> value)
        {
            Prediction? prediction = Current();
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, classifier.Labels.Count);
            for (int i = 0; i < editor.Values.Length; i++)
            {
                editor.Values[i] = prediction?.Scores[i] ?? float.NaN;
            }

            value = editor.Commit();
        }

        private Prediction? Current()
        {
            if (_position != row.Position)
            {
                Image? picture = reader.Read();
                _prediction = picture is null ? null : classifier.Predict(picture);
                _position = row.Position;
            }

            return _prediction;
        }
    }
}

/// <summary>The columns of a classifier.</summary>
internal sealed record ClassifierColumns(string Image, string PredictedLabel, string Score, UnreadablePictures Unreadable)
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

/// <summary>How training went.</summary>
public sealed record ImageTrainingSummary
{
    /// <summary>The epochs that were finished.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>What the best epoch's validation found; null when no epoch was finished.</summary>
    public required EvaluationResult? Validation { get; init; }

    /// <summary>Pictures that could not be read, and why; those from bytes are named by their row.</summary>
    public required IReadOnlyList<SkippedFile> Skipped { get; init; }

    /// <summary>Rows without a label, which were left out.</summary>
    public required int RowsWithoutLabel { get; init; }

    /// <summary>What a user should know.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Whether training was ended before its time; the classifier is then the best so far.</summary>
    public required bool IsCancelled { get; init; }
}

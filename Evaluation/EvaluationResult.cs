using MLClassify.Evaluation;

namespace MLClassify;

/// <summary>
/// The result of an evaluation: overall figures, per class, confusion matrix. Immutable; made by evaluating a classifier, or from counts
/// that were stored.
/// </summary>
/// <remarks>
/// Shares are in 0..1. An undefined share (0/0) is 0, as with scikit-learn's <c>zero_division=0</c>. Averages over classes
/// take the classes that occur, among the true labels or among the predictions, also as scikit-learn does: a class of the network
/// that has neither image nor prediction does not pull an average down.
/// </remarks>
public sealed class EvaluationResult
{
    private readonly ClassMetrics[] _classes;

    /// <summary>A result of counts that are known; the matrix is copied.</summary>
    /// <param name="matrix">The images that have a prediction.</param>
    /// <param name="undefined">The images of each class without a prediction, as many numbers as classes, none negative.</param>
    /// <param name="topK">The k of <paramref name="topKAccuracy"/>, at least 1.</param>
    /// <param name="topKAccuracy">The share of images whose true class is among the k with the largest logits.</param>
    /// <param name="loss">The mean cross-entropy; NaN where it is not known.</param>
    /// <param name="predictions">The images themselves; may be empty.</param>
    /// <param name="calibration">The counts by confidence; null where they are not known.</param>
    /// <exception cref="ArgumentException">The numbers do not fit the matrix.</exception>
    internal EvaluationResult(
        ConfusionMatrix matrix,
        IReadOnlyList<long> undefined,
        int topK,
        double topKAccuracy,
        double loss,
        IReadOnlyList<EvaluatedPrediction> predictions,
        Calibration? calibration = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(undefined);
        ArgumentOutOfRangeException.ThrowIfLessThan(topK, 1);
        ArgumentNullException.ThrowIfNull(predictions);
        if (undefined.Count != matrix.Classes || undefined.Any(images => images < 0))
        {
            throw new ArgumentException("a number of at least 0 is needed for each class", nameof(undefined));
        }

        ConfusionMatrix = matrix.ToReadOnly();
        TopK = topK;
        TopKAccuracy = topKAccuracy;
        Loss = loss;
        Calibration = calibration;
        Predictions = predictions;
        _classes = new ClassMetrics[matrix.Classes];
        for (int label = 0; label < _classes.Length; label++)
        {
            long images = matrix.RowTotal(label) + undefined[label];
            _classes[label] = new ClassMetrics(matrix.ClassNames[label], images, matrix[label, label], matrix.ColumnTotal(label));
            Undefined += undefined[label];
        }

        Images = matrix.Images + Undefined;
    }

    /// <summary>The images evaluated.</summary>
    public long Images { get; }

    /// <summary>The images whose predicted class is the true one.</summary>
    public long Correct => ConfusionMatrix.Correct;

    /// <summary>
    /// The images whose logits have no softmax (NaN or infinite): without a prediction, counted as wrong, in no column of
    /// <see cref="ConfusionMatrix"/>. 0 for a healthy network.
    /// </summary>
    public long Undefined { get; }

    /// <summary>Correct images divided by all images.</summary>
    public double Accuracy => ClassMetrics.Share(Correct, Images);

    /// <summary>Where <see cref="Accuracy"/> would lie on all images of the kind, with 95 % confidence, as far as chance goes.</summary>
    public ConfidenceInterval AccuracyInterval => ConfidenceInterval.Of(Correct, Images);

    /// <summary>The mean recall of the classes that have images: each class weighs the same, however rare.</summary>
    public double BalancedAccuracy => _classes.Where(metrics => metrics.Images > 0).Select(metrics => metrics.Recall).DefaultIfEmpty().Average();

    /// <summary>The k of <see cref="TopKAccuracy"/>: 5 unless asked otherwise, or the number of classes where that is smaller.</summary>
    public int TopK { get; }

    /// <summary>The share of images whose true class is among the k with the largest logits.</summary>
    public double TopKAccuracy { get; }

    /// <summary>
    /// The mean cross-entropy in nats, without label smoothing. NaN where there is no image or an image without a prediction;
    /// +infinity where a true class had the probability 0.
    /// </summary>
    public double Loss { get; }

    /// <summary>The classes in label order.</summary>
    public IReadOnlyList<ClassMetrics> Classes => _classes;

    /// <summary>The mean precision of the classes that occur.</summary>
    public double MacroPrecision => Macro(metrics => metrics.Precision);

    /// <summary>The mean recall of the classes that occur.</summary>
    public double MacroRecall => Macro(metrics => metrics.Recall);

    /// <summary>The mean F1 of the classes that occur.</summary>
    public double MacroF1 => Macro(metrics => metrics.F1);

    /// <summary>The mean F1, each class weighing as much as it has images.</summary>
    public double WeightedF1 => Images == 0 ? 0 : _classes.Sum(metrics => metrics.F1 * metrics.Images) / Images;

    /// <summary>The confusion matrix; it cannot be changed.</summary>
    public ConfusionMatrix ConfusionMatrix { get; }

    /// <summary>The calibration; null for a report read from a file without it.</summary>
    public Calibration? Calibration { get; }

    /// <summary>The images that were given with a path, in the order of evaluation; empty for a report read from a file.</summary>
    public IReadOnlyList<EvaluatedPrediction> Predictions { get; }

    /// <summary>The files that could not be read and are in none of the figures, and why; empty where that is not known.</summary>
    public IReadOnlyList<SkippedFile> Skipped { get; init; } = [];

    /// <summary>How many of the images the model was trained on: their figures say nothing about other images. Null where that is not known.</summary>
    public int? TrainedOn { get; init; }

    /// <summary>
    /// What the result is worth, in words, what is wrong first: against always giving the same answer, by class, and whether there were
    /// images enough; empty without an image.
    /// </summary>
    public IReadOnlyList<Verdict> Diagnosis => ResultDiagnosis.Of(this, trainAccuracy: null);

    /// <summary>The result as console text: overall figures, a table of the classes, and the confusion matrix or its largest entries.</summary>
    public override string ToString() => ReportText.Format(this);

    /// <summary>Sentences on the classes of which there were images, but none that can be read.</summary>
    /// <param name="images">The images that were measured, labeled as the classes here.</param>
    public IEnumerable<string> Unmeasured(ImageDataset images)
    {
        ArgumentNullException.ThrowIfNull(images);
        int[] counts = images.CountPerClass();
        return _classes.Index().Where(own => own.Item.Images == 0 && counts[own.Index] > 0)
            .Select(own => FormattableString.Invariant($"None of the {counts[own.Index]} held-out images of {own.Item.Name} can be read: nothing is measured of this class."));
    }

    /// <summary>The same result with another count of <see cref="TrainedOn"/>.</summary>
    internal EvaluationResult WithTrainedOn(int? images) => new(
        ConfusionMatrix, [.. _classes.Select((_, label) => UndefinedOf(label))], TopK, TopKAccuracy, Loss, Predictions, Calibration)
    {
        Skipped = Skipped,
        TrainedOn = images,
    };

    /// <summary>The images of a class that have no prediction.</summary>
    internal long UndefinedOf(int label) => _classes[label].Images - ConfusionMatrix.RowTotal(label);

    private double Macro(Func<ClassMetrics, double> metric)
    {
        double sum = 0;
        int classes = 0;
        foreach (ClassMetrics metrics in _classes)
        {
            if (metrics.Images > 0 || metrics.Predicted > 0)
            {
                sum += metric(metrics);
                classes++;
            }
        }

        return classes == 0 ? 0 : sum / classes;
    }
}

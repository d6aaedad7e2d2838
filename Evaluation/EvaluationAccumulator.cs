using MLClassify.Common;
using MLClassify.Datasets;

namespace MLClassify.Evaluation;

/// <summary>
/// Collects a network's answers image by image. Answers are counted as integers and the loss is summed in double precision;
/// both are divided once, by the number of images, so that a short last batch weighs what it should.
/// </summary>
/// <remarks>
/// <para>Equal logits rank by label, the lowest first, for the prediction and for top-k alike.</para>
/// <para>
/// Logits that hold NaN or +infinity, or nothing but -infinity, have no softmax. Such an image has no prediction: it counts as
/// an image and as wrong, is in no column of the confusion matrix, is reported in <see cref="EvaluationResult.Undefined"/>,
/// and makes the loss NaN.
/// </para>
/// <para>Not safe for several threads at once: use one per thread and join them with <see cref="Add(EvaluationAccumulator)"/>.</para>
/// </remarks>
internal sealed class EvaluationAccumulator
{
    private readonly ConfusionMatrix _matrix;
    private readonly long[] _undefined;
    private readonly CalibrationCounter _calibration = new();
    private readonly List<EvaluatedPrediction> _predictions = [];
    private long _topKCorrect;
    private double _lossSum;

    /// <summary>Starts with no image.</summary>
    /// <param name="classNames">The names in label order, at least one.</param>
    /// <param name="topK">
    /// An image is right in the top-k sense when fewer than this many classes rank above the true one; at least 1, default 5,
    /// lowered to the number of classes where that is smaller.
    /// </param>
    /// <exception cref="ArgumentException">There is no class, or a name is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="topK"/> is not positive.</exception>
    public EvaluationAccumulator(IReadOnlyList<string> classNames, int topK = 5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(topK);
        _matrix = new ConfusionMatrix(classNames);
        _undefined = new long[_matrix.Classes];
        TopK = Math.Min(topK, _matrix.Classes);
    }

    /// <summary>The k of the top-k accuracy.</summary>
    public int TopK { get; }

    /// <summary>The images so far.</summary>
    public long Images { get; private set; }

    /// <summary>Counts one image.</summary>
    /// <param name="trueLabel">Its class.</param>
    /// <param name="logits">The network's output before softmax, one per class.</param>
    /// <param name="path">Its file, for <see cref="EvaluationResult.Predictions"/>; null to keep no prediction.</param>
    /// <exception cref="ArgumentOutOfRangeException">The label is not in 0..classes-1.</exception>
    /// <exception cref="ArgumentException">There is not one logit per class.</exception>
    public void Add(int trueLabel, ReadOnlySpan<float> logits, string? path = null) => Add(trueLabel, logits, path, content: null);

    /// <summary>Counts one image and keeps its prediction.</summary>
    /// <param name="sample">The image and its class.</param>
    /// <param name="logits">The network's output before softmax, one per class.</param>
    internal void Add(ImageSample sample, ReadOnlySpan<float> logits) => Add(sample.Label, logits, sample.Path, sample.Content);

    private void Add(int trueLabel, ReadOnlySpan<float> logits, string? path, SampleContent? content)
    {
        if ((uint)trueLabel >= (uint)_matrix.Classes)
        {
            throw new ArgumentOutOfRangeException(nameof(trueLabel), trueLabel, FormattableString.Invariant($"a label is in 0..{_matrix.Classes - 1}"));
        }

        if (logits.Length != _matrix.Classes)
        {
            throw new ArgumentException(FormattableString.Invariant($"expected {_matrix.Classes} logits, got {logits.Length}"), nameof(logits));
        }

        Images++;
        int? predicted = null;
        double probability = 0;
        if (TryFindMaximum(logits, out int maximum))
        {
            predicted = maximum;
            double sum = Softmax.SumOfExponentials(logits, logits[maximum]);
            probability = 1 / sum;
            _lossSum += Math.Log(sum) - ((double)logits[trueLabel] - logits[maximum]);
            _matrix.Add(trueLabel, maximum);
            _calibration.Add(probability, maximum == trueLabel);
            if (Rank(logits, trueLabel) < TopK)
            {
                _topKCorrect++;
            }
        }
        else
        {
            _undefined[trueLabel]++;
            _lossSum = double.NaN;
        }

        if (path is not null)
        {
            _predictions.Add(new EvaluatedPrediction(path, trueLabel, predicted, probability) { Content = content });
        }
    }

    /// <summary>Adds what another accumulator collected, as if its images had come after this one's.</summary>
    /// <remarks>Counts are exact; the loss sum's last bits depend on how images were spread over accumulators.</remarks>
    /// <exception cref="ArgumentException">Its classes or its k differ.</exception>
    public void Add(EvaluationAccumulator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.TopK != TopK)
        {
            throw new ArgumentException(FormattableString.Invariant($"top-{other.TopK} counts cannot be added to top-{TopK} counts"), nameof(other));
        }

        _matrix.Add(other._matrix);
        for (int label = 0; label < _undefined.Length; label++)
        {
            _undefined[label] += other._undefined[label];
        }

        _calibration.Add(other._calibration);
        _predictions.AddRange(other._predictions);
        _topKCorrect += other._topKCorrect;
        _lossSum += other._lossSum;
        Images += other.Images;
    }

    /// <summary>The result for the images so far; later images do not change it.</summary>
    /// <param name="skipped">The files that could not be read, for <see cref="EvaluationResult.Skipped"/>; none when null.</param>
    /// <param name="trainedOn">How many of the images the network was trained on, for <see cref="EvaluationResult.TrainedOn"/>.</param>
    public EvaluationResult ToResult(IReadOnlyList<SkippedFile>? skipped = null, int? trainedOn = null) => new(
        _matrix.ToReadOnly(),
        _undefined,
        TopK,
        Images == 0 ? 0 : (double)_topKCorrect / Images,
        Images == 0 ? double.NaN : _lossSum / Images,
        [.. _predictions],
        _calibration.ToCalibration())
    {
        Skipped = skipped ?? [],
        TrainedOn = trainedOn,
    };

    private static bool TryFindMaximum(ReadOnlySpan<float> logits, out int index)
    {
        index = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i]) || float.IsPositiveInfinity(logits[i]))
            {
                return false;
            }

            if (logits[i] > logits[index])
            {
                index = i;
            }
        }

        return !float.IsNegativeInfinity(logits[index]);
    }

    private static int Rank(ReadOnlySpan<float> logits, int label)
    {
        int rank = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            if (logits[i] > logits[label] || (logits[i] == logits[label] && i < label))
            {
                rank++;
            }
        }

        return rank;
    }
}

using MLClassify.Evaluation;

namespace MLClassify;

/// <summary>The confusion matrix: rows are true classes, columns are predicted ones.</summary>
/// <remarks>Not safe for several threads at once: count per thread and join with <see cref="Add(ConfusionMatrix)"/>.</remarks>
public sealed class ConfusionMatrix
{
    private readonly string[] _classNames;
    private readonly long[,] _counts;
    private readonly bool _isReadOnly;

    /// <summary>A matrix of zeros.</summary>
    /// <param name="classNames">The names in label order, at least one.</param>
    /// <exception cref="ArgumentException">There is no class, or a name is null.</exception>
    public ConfusionMatrix(IReadOnlyList<string> classNames)
        : this(CheckNames(classNames), null, isReadOnly: false)
    {
    }

    /// <summary>A matrix of given counts, which are copied.</summary>
    /// <param name="classNames">The names in label order, at least one.</param>
    /// <param name="counts">Counts <c>[true, predicted]</c>, as many rows and columns as names, none negative.</param>
    /// <exception cref="ArgumentException">Names or counts are not as described.</exception>
    public ConfusionMatrix(IReadOnlyList<string> classNames, long[,] counts)
        : this(CheckNames(classNames), counts ?? throw new ArgumentNullException(nameof(counts)), isReadOnly: false)
    {
    }

    private ConfusionMatrix(string[] classNames, long[,]? counts, bool isReadOnly)
    {
        _classNames = classNames;
        _isReadOnly = isReadOnly;
        _counts = new long[classNames.Length, classNames.Length];
        if (counts is not null)
        {
            Images = CheckCounts(counts, classNames.Length);
            Array.Copy(counts, _counts, counts.Length);
            for (int label = 0; label < Classes; label++)
            {
                Correct += counts[label, label];
            }
        }
    }

    /// <summary>The class names in label order.</summary>
    public IReadOnlyList<string> ClassNames => _classNames;

    /// <summary>The number of classes.</summary>
    public int Classes => _classNames.Length;

    /// <summary>The sum of all counts.</summary>
    public long Images { get; private set; }

    /// <summary>The sum of the diagonal.</summary>
    public long Correct { get; private set; }

    /// <summary>How many images of <paramref name="trueLabel"/> were taken for <paramref name="predictedLabel"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A label is not in 0..<see cref="Classes"/>-1.</exception>
    public long this[int trueLabel, int predictedLabel]
    {
        get
        {
            CheckLabel(trueLabel, nameof(trueLabel));
            CheckLabel(predictedLabel, nameof(predictedLabel));
            return _counts[trueLabel, predictedLabel];
        }
    }

    /// <summary>Counts one image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A label is not in 0..<see cref="Classes"/>-1.</exception>
    /// <exception cref="InvalidOperationException">The matrix belongs to a report.</exception>
    public void Add(int trueLabel, int predictedLabel)
    {
        ThrowIfReadOnly();
        CheckLabel(trueLabel, nameof(trueLabel));
        CheckLabel(predictedLabel, nameof(predictedLabel));
        _counts[trueLabel, predictedLabel]++;
        Images++;
        if (trueLabel == predictedLabel)
        {
            Correct++;
        }
    }

    /// <summary>Adds the counts of another matrix of the same classes.</summary>
    /// <exception cref="ArgumentException">The class names differ.</exception>
    /// <exception cref="InvalidOperationException">The matrix belongs to a report.</exception>
    public void Add(ConfusionMatrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ThrowIfReadOnly();
        if (!_classNames.AsSpan().SequenceEqual(other._classNames))
        {
            throw new ArgumentException("the matrices have different classes", nameof(other));
        }

        for (int row = 0; row < Classes; row++)
        {
            for (int column = 0; column < Classes; column++)
            {
                _counts[row, column] += other._counts[row, column];
            }
        }

        (Images, Correct) = (Images + other.Images, Correct + other.Correct);
    }

    /// <summary>The images of a true class: the sum of its row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label is not in 0..<see cref="Classes"/>-1.</exception>
    public long RowTotal(int trueLabel)
    {
        CheckLabel(trueLabel, nameof(trueLabel));
        long total = 0;
        for (int column = 0; column < Classes; column++)
        {
            total += _counts[trueLabel, column];
        }

        return total;
    }

    /// <summary>The images classified as a class: the sum of its column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label is not in 0..<see cref="Classes"/>-1.</exception>
    public long ColumnTotal(int predictedLabel)
    {
        CheckLabel(predictedLabel, nameof(predictedLabel));
        long total = 0;
        for (int row = 0; row < Classes; row++)
        {
            total += _counts[row, predictedLabel];
        }

        return total;
    }

    /// <summary>A copy of the counts, <c>[true, predicted]</c>.</summary>
    public long[,] ToArray() => (long[,])_counts.Clone();

    /// <summary>The most frequent mistakes: largest count first, equal counts in label order, zeros left out.</summary>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<Confusion> MostConfused(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var mistakes = new List<Confusion>();
        for (int row = 0; row < Classes; row++)
        {
            for (int column = 0; column < Classes; column++)
            {
                if (row != column && _counts[row, column] > 0)
                {
                    mistakes.Add(new Confusion(row, column, _counts[row, column]));
                }
            }
        }

        return [.. mistakes.OrderByDescending(mistake => mistake.Images).Take(limit)];
    }

    /// <summary>The matrix as aligned console text with totals; long names are shortened in their middle.</summary>
    public override string ToString() => ConfusionMatrixText.Format(this);

    internal ConfusionMatrix ToReadOnly() => _isReadOnly ? this : new ConfusionMatrix(_classNames, _counts, isReadOnly: true);

    private static string[] CheckNames(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.Count == 0)
        {
            throw new ArgumentException("at least one class is needed", nameof(classNames));
        }

        if (classNames.Contains(null!))
        {
            throw new ArgumentException("a class name is null", nameof(classNames));
        }

        return [.. classNames];
    }

    private static long CheckCounts(long[,] counts, int classes)
    {
        if (counts.GetLength(0) != classes || counts.GetLength(1) != classes)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"expected {classes} x {classes} counts, got {counts.GetLength(0)} x {counts.GetLength(1)}"), nameof(counts));
        }

        long total = 0;
        foreach (long count in counts)
        {
            if (count < 0 || count > long.MaxValue - total)
            {
                throw new ArgumentException(FormattableString.Invariant($"the count {count} is negative or too large"), nameof(counts));
            }

            total += count;
        }

        return total;
    }

    private void CheckLabel(int label, string name)
    {
        if ((uint)label >= (uint)Classes)
        {
            throw new ArgumentOutOfRangeException(name, label, FormattableString.Invariant($"a label is in 0..{Classes - 1}"));
        }
    }

    private void ThrowIfReadOnly()
    {
        if (_isReadOnly)
        {
            throw new InvalidOperationException("the matrix belongs to a report and cannot change");
        }
    }
}

namespace MLClassify;

/// <summary>
/// How well a network is calibrated: of the images that it classifies with a probability of 0.8, four in five should be right. Confidence
/// is the predicted class's softmax probability; images are sorted by it into intervals of equal width.
/// </summary>
/// <remarks>
/// Guo, Pleiss, Sun and Weinberger 2017, "On Calibration of Modern Neural Networks", arXiv:1706.04599, sections 2 and 3: interval m of M is
/// ((m - 1) / M, m / M]. Images without a prediction have no confidence and are in no interval.
/// </remarks>
public sealed class Calibration
{
    /// <summary>The intervals that an evaluation counts in, as in the paper.</summary>
    public const int DefaultBins = 15;

    private readonly CalibrationBin[] _bins;

    /// <summary>Takes the counts of intervals.</summary>
    /// <param name="bins">The intervals, from 0 to 1, at least one.</param>
    /// <exception cref="ArgumentException">There is no interval.</exception>
    public Calibration(IEnumerable<CalibrationBin> bins)
    {
        ArgumentNullException.ThrowIfNull(bins);
        _bins = [.. bins];
        if (_bins.Length == 0)
        {
            throw new ArgumentException("at least one interval is needed", nameof(bins));
        }

        Images = _bins.Sum(bin => bin.Images);
    }

    /// <summary>The intervals, from 0 to 1.</summary>
    public IReadOnlyList<CalibrationBin> Bins => _bins;

    /// <summary>The images that have a confidence.</summary>
    public long Images { get; }

    /// <summary>The mean confidence, 0..1; 0 without an image.</summary>
    public double Confidence => Mean(bin => bin.Confidence);

    /// <summary>The accuracy of these images, 0..1; 0 without an image.</summary>
    public double Accuracy => ClassMetrics.Share(_bins.Sum(bin => bin.Correct), Images);

    /// <summary>
    /// The expected calibration error (ECE), 0..1: the mean distance between confidence and accuracy over the intervals, each weighing as
    /// much as it has images. 0 without an image.
    /// </summary>
    public double ExpectedError => Mean(bin => Math.Abs(bin.Gap));

    /// <summary>The maximum calibration error (MCE), 0..1: the largest distance among intervals that hold an image.</summary>
    public double MaximumError => _bins.Max(bin => Math.Abs(bin.Gap));

    private double Mean(Func<CalibrationBin, double> value) => Images == 0 ? 0 : _bins.Sum(bin => bin.Images * value(bin)) / Images;
}

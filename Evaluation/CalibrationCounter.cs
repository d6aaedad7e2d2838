namespace MLClassify.Evaluation;

/// <summary>Sorts images into intervals of confidence.</summary>
internal sealed class CalibrationCounter
{
    private readonly long[] _images = new long[Calibration.DefaultBins];
    private readonly long[] _correct = new long[Calibration.DefaultBins];
    private readonly double[] _confidence = new double[Calibration.DefaultBins];

    /// <summary>Counts one image.</summary>
    /// <param name="confidence">Its predicted class's probability, 0..1.</param>
    /// <param name="isCorrect">Whether that is its class.</param>
    public void Add(double confidence, bool isCorrect)
    {
        // A product like 0.2 * 15 may miss the whole number by a rounding error, which moves an image by one interval at most.
        int bin = Math.Clamp((int)Math.Ceiling(confidence * Calibration.DefaultBins) - 1, 0, Calibration.DefaultBins - 1);
        _images[bin]++;
        _correct[bin] += isCorrect ? 1 : 0;
        _confidence[bin] += confidence;
    }

    /// <summary>Adds what another counter counted.</summary>
    public void Add(CalibrationCounter other)
    {
        for (int bin = 0; bin < Calibration.DefaultBins; bin++)
        {
            _images[bin] += other._images[bin];
            _correct[bin] += other._correct[bin];
            _confidence[bin] += other._confidence[bin];
        }
    }

    /// <summary>The counts so far; later ones do not change it.</summary>
    public Calibration ToCalibration() => new(Enumerable.Range(0, Calibration.DefaultBins).Select(Bin));

    private CalibrationBin Bin(int bin) => new(
        (double)bin / Calibration.DefaultBins,
        (bin + 1.0) / Calibration.DefaultBins,
        _images[bin],
        _correct[bin],
        _images[bin] == 0 ? 0 : Math.Min(1, _confidence[bin] / _images[bin]));
}

namespace MLClassify.Trainers;

/// <summary>
/// The teachers' features for the views of images, <c>[views, images, Length]</c> in memory: their features side by side, each
/// shifted and scaled to mean 0 and variance 1, so that every feature counts alike.
/// </summary>
internal sealed class TeacherTargets
{
    // A feature that hardly varies says nothing about images; its noise is not to be blown up.
    private const double SmallestDeviation = 1e-4;

    private readonly float[][] _values;
    private readonly bool[] _known;
    private readonly int _images;

    public TeacherTargets(int views, int images, int length)
    {
        Views = views;
        Length = length;
        _images = images;
        _known = new bool[images];
        _values = [.. Enumerable.Range(0, views).Select(_ => new float[checked(images * length)])];
    }

    public int Views { get; }

    public int Length { get; }

    /// <summary>The features of one view of one image.</summary>
    public Span<float> this[int view, int image]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)view, (uint)Views, nameof(view));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)image, (uint)_images, nameof(image));
            return _values[view].AsSpan(image * Length, Length);
        }
    }

    /// <summary>Notes that an image could be read.</summary>
    public void MarkKnown(int image) => _known[image] = true;

    /// <summary>Mean and standard deviation of every feature over all views of the images that could be read.</summary>
    public (double[] Mean, double[] Deviation) Moments()
    {
        double[] sum = new double[Length];
        double[] squares = new double[Length];
        long count = 0;
        ForEach(row =>
        {
            count++;
            for (int i = 0; i < row.Length; i++)
            {
                sum[i] += row[i];
                squares[i] += (double)row[i] * row[i];
            }
        });
        double[] mean = [.. sum.Select(s => s / count)];
        double[] deviation = [.. squares.Select((s, i) => Math.Sqrt(Math.Max(0, (s / count) - (mean[i] * mean[i]))))];
        return (mean, deviation);
    }

    /// <summary>Shifts and scales every feature; those that hardly vary become 0.</summary>
    public void Standardize(double[] mean, double[] deviation) => ForEach(row =>
    {
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = deviation[i] < SmallestDeviation ? 0 : (float)((row[i] - mean[i]) / deviation[i]);
        }
    });

    private void ForEach(RowAction action)
    {
        for (int view = 0; view < Views; view++)
        {
            for (int image = 0; image < _images; image++)
            {
                if (_known[image])
                {
                    action(this[view, image]);
                }
            }
        }
    }

    private delegate void RowAction(Span<float> row);
}

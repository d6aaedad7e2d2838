using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Evaluation;

/// <summary>A loss over the epochs, and what can be said about it against its noise.</summary>
internal sealed class LossCurve
{
    /// <summary>A change over the end of training that is worth a word, as a share of the loss there.</summary>
    private const double SmallestChange = 0.03;

    /// <summary>A change over the whole training, or a rise after the lowest point, as a share of the loss that it started from.</summary>
    private const double SmallestLargeChange = 0.05;

    /// <summary>However small the loss has become, a change below this share of the first epoch's is not worth a word.</summary>
    private const double SmallestOfStart = 0.005;

    /// <summary>Noise of this share of the loss, and of <see cref="ViolentOfStart"/> of the first epoch's, is violent.</summary>
    private const double Violent = 0.15;

    private const double ViolentOfStart = 0.05;

    /// <summary>
    /// The loss of guessing among 20,000 classes, in nats: a run that starts above this has diverged, and its start is no measure for what
    /// follows.
    /// </summary>
    private const double LargestStart = 10;

    /// <summary>Noise turns two times in three; a curve that turns less often than this has another shape than noise.</summary>
    private const double NoisyTurns = 0.4;

    /// <summary>A cross-entropy below this, in nats, means a probability of over 99.5 % for the right class: nothing is left to learn.</summary>
    private const double Floor = 0.005;

    /// <summary>In fewer epochs a steep curve cannot be told from a noisy one.</summary>
    private const int FewestForNoise = 8;

    /// <summary>A share of the first epoch's loss whose loss is a fall, be the few epochs as noisy as they may seem.</summary>
    private const double LargeFall = 0.25;

    /// <summary>More points than this are averaged in groups: all pairs of them are looked at.</summary>
    private const int MostPoints = 96;

    private readonly double[] _values;
    private readonly double[] _points;
    private readonly double _noise;
    private readonly int _groupSize;
    private readonly int _lowest;

    /// <param name="values">A finite loss an epoch, at least <see cref="Trend.FewestValues"/>.</param>
    public LossCurve(double[] values)
    {
        _values = values;
        _groupSize = (values.Length + MostPoints - 1) / MostPoints;
        _points = _groupSize == 1 ? values : [.. values.Chunk(_groupSize).Select(group => group.Average())];
        _noise = RobustStatistics.Noise(values);
        Start = values[0];
        End = RobustStatistics.MedianOf(_points.AsSpan(^Quarter..));
        _lowest = LowestPoint();
    }

    /// <summary>The first epoch's loss.</summary>
    public double Start { get; }

    /// <summary>The median of the last quarter.</summary>
    public double End { get; }

    /// <summary>The index of the epoch at the lowest point of the smoothed curve.</summary>
    public int LowestEpoch => Math.Min(_values.Length - 1, (_lowest * _groupSize) + (_groupSize / 2));

    /// <summary>The smoothed curve's lowest value.</summary>
    public double LowestValue => Smooth(_lowest);

    /// <summary>The standard deviation of the noise from epoch to epoch; the first quarter, where curves are steep, does not count.</summary>
    public double Noise => RobustStatistics.Noise(_values.AsSpan(_values.Length / 4));

    /// <summary>Whether the loss is as low as it can be all along, but for the first quarter of the epochs.</summary>
    public bool IsAtFloor => _points.AsSpan(Quarter..).IndexOfAnyExceptInRange(double.NegativeInfinity, Floor) < 0;

    /// <summary>Whether the loss is as low as it can be from the first epoch on.</summary>
    public bool StartsAtFloor => _values.AsSpan().IndexOfAnyExceptInRange(double.NegativeInfinity, Floor) < 0;

    /// <summary>Whether the end lies clearly below the first epoch, beyond noise.</summary>
    public bool HasFallen => Start - End > Math.Max(SmallestLargeChange * Math.Abs(Start), 3 * _noise)
        || (_values.Length < FewestForNoise && Start - End > LargeFall * Math.Abs(Start))
        || Over(0).Direction == TrendDirection.Falling;

    /// <summary>Whether the end lies clearly above the first epoch, beyond noise.</summary>
    public bool HasRisen => End - Start > Math.Max(SmallestLargeChange * Math.Abs(Start), 3 * _noise) && Over(0).Direction == TrendDirection.Rising;

    /// <summary>Whether the last third seems to fall, be it within the noise.</summary>
    public bool SeemsToFall => Tail.Change <= -SmallestChange * Math.Abs(End);

    /// <summary>The last third's trend, at least four points.</summary>
    public Trend Tail => Of(_points.AsSpan(Math.Max(0, _points.Length - Math.Max(Trend.FewestValues, (_points.Length + 2) / 3))..), SmallestChange, Trend.Likely);

    /// <summary>The trend since the smoothed curve's lowest point; flat where that is too near the end.</summary>
    public Trend SinceLowest => Over(_lowest);

    /// <summary>Whether the loss jumps up and down by much, most of the time; never said of fewer than eight epochs.</summary>
    public bool IsShaking
    {
        get
        {
            ReadOnlySpan<double> late = _values.AsSpan(_values.Length / 4);
            double level = Math.Abs(RobustStatistics.MedianOf(late));
            return _values.Length >= FewestForNoise
                && Noise > Math.Max(Violent * level, ViolentOfStart * Scale)
                && RobustStatistics.Turns(late) >= NoisyTurns;
        }
    }

    private double Scale => Math.Min(Math.Abs(Start), LargestStart);

    private int Quarter => Math.Max(1, _points.Length / 4);

    /// <summary>The trend from the point that holds an epoch of another curve to the end.</summary>
    /// <param name="epoch">The epoch's index.</param>
    public Trend SinceEpoch(int epoch) => Over(epoch / _groupSize);

    private Trend Over(int first) => Of(_points.AsSpan(first..), SmallestLargeChange);

    private Trend Of(ReadOnlySpan<double> points, double smallestShare, double score = Trend.Certain)
    {
        double level = Math.Abs(RobustStatistics.MedianOf(points));
        return Trend.Of(points, Math.Max(smallestShare * level, SmallestOfStart * Scale), score);
    }

    // Medians of three: noise that dips once is no turning point.
    private int LowestPoint()
    {
        int lowest = 0;
        for (int i = 1; i < _points.Length; i++)
        {
            if (Smooth(i) < Smooth(lowest))
            {
                lowest = i;
            }
        }

        return lowest;
    }

    private double Smooth(int point) => RobustStatistics.MedianOf(_points.AsSpan(Math.Max(0, point - 1)..Math.Min(_points.Length, point + 2)));
}

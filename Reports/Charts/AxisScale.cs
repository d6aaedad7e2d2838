using System.Globalization;

namespace MLClassify.Reports;

/// <summary>A linear axis whose ends and ticks are round numbers: 1, 2 or 5 times a power of ten apart.</summary>
internal sealed class AxisScale
{
    private readonly double _step;

    private AxisScale(double minimum, double maximum, double step)
    {
        (Minimum, Maximum, _step) = (minimum, maximum, step);
    }

    public double Minimum { get; }

    public double Maximum { get; }

    /// <summary>The ticks, ends included where they are round.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            double first = Math.Ceiling((Minimum / _step) - 1e-9);
            double last = Math.Floor((Maximum / _step) + 1e-9);
            for (double tick = first; tick <= last; tick++)
            {
                yield return tick == 0 ? 0 : tick * _step; // never -0, which would be printed
            }
        }
    }

    /// <summary>The axis that holds all values with about <paramref name="ticks"/> ticks; equal values get room around them.</summary>
    public static AxisScale Covering(double minimum, double maximum, int ticks)
    {
        // Below this the ticks would differ in digits that doubles, or their reader, cannot hold.
        if (maximum - minimum <= Math.Max(1e-100, 1e-9 * Math.Max(Math.Abs(minimum), Math.Abs(maximum))))
        {
            double room = Math.Abs(minimum) <= 1e-90 ? 1 : Math.Abs(minimum) / 2;
            (minimum, maximum) = (minimum - room, maximum + room);
        }

        double step = RoundStep((maximum - minimum) / ticks);
        return new AxisScale(step * Math.Floor((minimum / step) + 1e-9), step * Math.Ceiling((maximum / step) - 1e-9), step);
    }

    /// <summary>The axis of whole numbers from <paramref name="first"/> to <paramref name="last"/>, with a little room at both ends.</summary>
    public static AxisScale WholeNumbers(int first, int last, int ticks)
    {
        double step = Math.Max(1, RoundStep(((double)last - first) / ticks));
        double room = first == last ? 0.5 : 0.03 * ((double)last - first);
        return new AxisScale(first - room, last + room, step);
    }

    /// <summary>The same axis, not reaching beyond the given ends.</summary>
    public AxisScale Within(double minimum, double maximum) => new(Math.Max(Minimum, minimum), Math.Min(Maximum, maximum), _step);

    /// <summary>Where a value lies on the axis: 0 at its minimum, 1 at its maximum.</summary>
    public double Position(double value) => (value - Minimum) / (Maximum - Minimum);

    /// <summary>A tick's text with as many digits as the step needs.</summary>
    public string Label(double tick)
    {
        if (tick != 0 && _step is >= 1e5 or < 1e-4)
        {
            return tick.ToString("0.##e0", CultureInfo.InvariantCulture);
        }

        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(_step) + 1e-9));
        return tick.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static double RoundStep(double rough)
    {
        if (rough <= 0)
        {
            return 1;
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double digit = rough / power;
        return power * (digit <= 1.0001 ? 1 : digit <= 2.0001 ? 2 : digit <= 5.0001 ? 5 : 10);
    }
}

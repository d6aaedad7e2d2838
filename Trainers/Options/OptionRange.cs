namespace MLClassify.Trainers;

/// <summary>Refuses settings outside their range.</summary>
internal static class OptionRange
{
    /// <summary>Refuses a value outside its range, and NaN.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="value">Its value.</param>
    /// <param name="from">The smallest value; <see cref="double.Epsilon"/> for "above 0".</param>
    /// <param name="to">The largest value.</param>
    /// <param name="belowEnd">Whether the value must be below the largest one.</param>
    /// <exception cref="ArgumentException">The message names setting, value and range.</exception>
    public static void Check(string name, double value, double from, double to, bool belowEnd = false)
    {
        if (!(value >= from && (belowEnd ? value < to : value <= to)))
        {
            string start = from == double.Epsilon ? "above 0" : FormattableString.Invariant($"at least {from}");
            string end = FormattableString.Invariant($"{(belowEnd ? "below" : "at most")} {to}");
            throw OptionError.Create(name, FormattableString.Invariant($"{name} is {value}; it must be {start} and {end}."));
        }
    }
}

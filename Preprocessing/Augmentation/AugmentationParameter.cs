using System.Globalization;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>A parameter of an augmentation step in its text form: a number, or one of several words.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Default">What is taken where the text gives none; of words, the index.</param>
internal sealed record AugmentationParameter(string Name, double Default)
{
    public double Minimum { get; init; }

    public double Maximum { get; init; } = double.MaxValue;

    /// <summary>Whether the minimum itself is too small.</summary>
    public bool IsAboveMinimum { get; init; }

    public bool IsWhole { get; init; }

    /// <summary>The words, if it is one of some.</summary>
    public string[]? Words { get; init; }

    /// <summary>What is accepted, for messages and help.</summary>
    public string Expected
    {
        get
        {
            if (Words is not null)
            {
                return string.Join(" or ", Words);
            }

            string kind = IsWhole ? "a whole number " : "";
            string minimum = Minimum.ToString(CultureInfo.InvariantCulture);
            string maximum = Maximum.ToString(CultureInfo.InvariantCulture);
            return Maximum == double.MaxValue ? $"{kind}above {minimum}" : IsAboveMinimum ? $"{kind}above {minimum}, at most {maximum}" : $"{kind}{minimum} to {maximum}";
        }
    }

    /// <summary>Reads a value; null when the text is none or lies outside the range.</summary>
    public double? Read(string text)
    {
        if (Words is not null)
        {
            int index = Array.FindIndex(Words, word => word.Equals(text, StringComparison.OrdinalIgnoreCase));
            return index < 0 ? null : index;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        bool isValid = double.TryParse(text, Style, CultureInfo.InvariantCulture, out double value)
            && value >= Minimum && value <= Maximum
            && !(IsAboveMinimum && value == Minimum)
            && !(IsWhole && value != Math.Floor(value));

        // A negative zero is equal to zero but has another text.
        return isValid ? value + 0.0 : null;
    }

    /// <summary>The text that <see cref="Read"/> gives the value for.</summary>
    public string Write(double value) => Words is null ? value.ToString("R", CultureInfo.InvariantCulture) : Words[(int)value];

    /// <summary>Name, range and default, for help.</summary>
    public string Describe() =>
        $"{Name} {Expected}, default {(Words is null ? Default.ToString("0.####", CultureInfo.InvariantCulture) : Words[(int)Default])}";
}

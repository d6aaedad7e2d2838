using System.Runtime.CompilerServices;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>Checks of the constructors' arguments.</summary>
internal static class AugmentationGuard
{
    /// <summary>The value, which must not be NaN either.</summary>
    public static double InRange(double value, double minimum, double maximum, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value >= minimum && value <= maximum))
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"Expected {minimum} to {maximum}."));
        }

        // A negative zero is equal to zero but has another text.
        return value + 0.0;
    }

    /// <summary>The value, which must have a name.</summary>
    public static T Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum =>
        Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"Expected {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>Checks a range of shares of an area.</summary>
    public static void Scale(double minimum, double maximum)
    {
        if (!(minimum > 0 && minimum <= maximum && maximum <= 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"The scale {minimum} to {maximum} is not a range within 0..1."));
        }
    }

    /// <summary>Checks a range of proportions.</summary>
    public static void Ratio(double minimum, double maximum)
    {
        if (!(minimum > 0 && minimum <= maximum && double.IsFinite(maximum)))
        {
            throw new ArgumentException(FormattableString.Invariant($"The ratio {minimum} to {maximum} is not a range above 0."));
        }
    }
}

namespace MLClassify;

/// <summary>How a heat map is laid over a picture.</summary>
public sealed record HeatMapOptions
{
    /// <summary>How much of the picture the hottest places cover. Default 0.6; 0 (nothing) to 1 (all).</summary>
    public double Alpha { get; init; } = 0.6;

    /// <summary>
    /// How much of the picture's own colours is left beneath the heat, so that a yellow flower is not taken for a hot one. Default 0.3;
    /// 0 (grey) to 1 (as they are).
    /// </summary>
    public double Saturation { get; init; } = 0.3;

    /// <summary>The brightness left to what the network does not see. Default 0.35; 0 (black) to 1 (as it is).</summary>
    public double OutsideBrightness { get; init; } = 0.35;

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it.</exception>
    public void Validate()
    {
        Check(Alpha, nameof(Alpha));
        Check(Saturation, nameof(Saturation));
        Check(OutsideBrightness, nameof(OutsideBrightness));
    }

    private static void Check(double value, string name)
    {
        if (!(value is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; expected 0 to 1."));
        }
    }
}

namespace MLClassify;

/// <summary>A number for each colour, always in this order whatever order the network gets.</summary>
/// <param name="Red">Red's.</param>
/// <param name="Green">Green's.</param>
/// <param name="Blue">Blue's.</param>
public readonly record struct ChannelValues(float Red, float Green, float Blue)
{
    /// <summary>The same number for each colour.</summary>
    /// <param name="value">The number.</param>
    public static ChannelValues All(float value) => new(value, value, value);

    /// <summary>The numbers as <c>[red, green, blue]</c>.</summary>
    public float[] ToArray() => [Red, Green, Blue];

    internal bool All(Func<float, bool> predicate) => predicate(Red) && predicate(Green) && predicate(Blue);
}

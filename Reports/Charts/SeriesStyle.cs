namespace MLClassify.Reports;

/// <summary>How the stroke of a line is interrupted.</summary>
internal enum SeriesStroke
{
    Solid,
    Dashed,
    Dotted,
}

/// <summary>What tells a line of a chart from the others; the painter knows the colors.</summary>
/// <param name="Color">The number of the color, 0..<see cref="Colors"/>-1; -1 for the gray of <see cref="Rest"/>.</param>
/// <param name="Stroke">The stroke.</param>
internal readonly record struct SeriesStyle(int Color, SeriesStroke Stroke)
{
    /// <summary>The number of colors.</summary>
    public const int Colors = 8;

    public static readonly SeriesStyle Training = new(0, SeriesStroke.Solid);

    public static readonly SeriesStyle Validation = new(1, SeriesStroke.Dashed);

    /// <summary>For lines that are too many to be told apart.</summary>
    public static readonly SeriesStyle Rest = new(-1, SeriesStroke.Solid);
}

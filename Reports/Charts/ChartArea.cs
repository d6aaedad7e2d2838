namespace MLClassify.Reports;

/// <summary>The rectangle that a chart draws its lines in; the labels of its axes are to its left and below it.</summary>
internal readonly record struct ChartArea(double Left, double Top, double Width, double Height)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;

    /// <summary>The horizontal coordinate of a position on the axis, 0 at its left end and 1 at its right end.</summary>
    public double X(double position) => Left + (Width * position);

    /// <summary>The vertical coordinate of a position on the axis, 0 at its lower end and 1 at its upper end.</summary>
    public double Y(double position) => Top + (Height * (1 - position));
}

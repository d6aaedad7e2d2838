namespace MLClassify.Reports;

/// <summary>The sizes and places of a confusion matrix's parts, in pixels, for a number of classes and their names.</summary>
internal sealed class ConfusionMatrixLayout
{
    /// <summary>Labels nearer than this, in pixels, cannot be read: only every n-th class is labelled then.</summary>
    private const double SmallestLabel = 8.5;

    private const int LongestLabel = 28;
    private const double Padding = 24;
    private const double AxisTitle = 26;
    private const double SmallestWidth = 560;
    private const double Cosine45 = 0.7071;

    public ConfusionMatrixLayout(ConfusionMatrix matrix)
    {
        int classes = matrix.Classes;
        Cell = classes switch
        {
            <= 3 => 96,
            <= 6 => 76,
            <= 10 => 60,
            <= 20 => 42,
            <= 40 => 26,
            <= 60 => 18,
            <= 110 => 13,
            _ => Math.Max(2, 1430.0 / classes),
        };
        Grid = Cell * classes;
        LabelStep = (int)Math.Ceiling(SmallestLabel / Cell);
        LabelSize = Math.Clamp(Cell * 0.8, 8, 13);
        Labels = [.. matrix.ClassNames.Select(name => PlotText.Label(name, LongestLabel))];
        LongestLabelWidth = Labels.Max(label => PlotText.Width(label, LabelSize));
        ColumnRotation = LongestLabelWidth <= Cell - 6 ? 0 : Cell >= 36 ? -45 : -90;
        HasShareColumn = Cell >= 13;

        double overhang = ColumnRotation == -45 ? (PlotText.Width(Labels[0], LabelSize) * Cosine45) - (Cell / 2) : 0;
        Left = Padding + AxisTitle + Math.Max(LongestLabelWidth + 10, overhang);
        Top = 104;
        double afterGrid = HasShareColumn ? ShareColumn : 0;
        double legend = 30 + LegendWidth;
        Width = Math.Max(SmallestWidth, Left + Grid + afterGrid + legend + Padding);
        // What the smallest width adds is shared by both sides.
        Left += (Width - (Left + Grid + afterGrid + legend + Padding)) / 2;
        double labelHeight = ColumnRotation switch
        {
            0 => LabelSize + 8,
            -45 => (LongestLabelWidth * Cosine45) + LabelSize + 6,
            _ => LongestLabelWidth + 10,
        };
        ColumnTitleY = Top + Grid + labelHeight + 20;
        Height = Math.Max(ColumnTitleY + Padding, Top + LegendHeight + Padding);
    }

    public static double ShareColumn => 62;

    public static double LegendWidth => 92;

    public static double LegendHeight => 246;

    public static double TextLeft => Padding;

    public double Cell { get; }

    public double Grid { get; }

    public double Left { get; }

    public double Top { get; }

    public double Width { get; }

    public double Height { get; }

    public IReadOnlyList<string> Labels { get; }

    public double LabelSize { get; }

    public double LongestLabelWidth { get; }

    /// <summary>Every n-th class has its name.</summary>
    public int LabelStep { get; }

    /// <summary>How the column names are turned: 0, -45 or -90 degrees.</summary>
    public double ColumnRotation { get; }

    /// <summary>The baseline of the columns' axis title.</summary>
    public double ColumnTitleY { get; }

    /// <summary>Whether each row ends with its share of correct images.</summary>
    public bool HasShareColumn { get; }

    public double RowTitleX => Left - LongestLabelWidth - 22;

    public double LegendX => Left + Grid + (HasShareColumn ? ShareColumn : 0) + 30;

    /// <summary>The size of a count in its cell; 0 where it could not be read.</summary>
    public double CountSize(int digits)
    {
        double size = Math.Min(Math.Min(Cell * 0.42, 17), (Cell - 4) / (0.58 * digits));
        return size >= 7.5 ? size : 0;
    }
}

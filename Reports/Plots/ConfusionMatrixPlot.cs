using System.Globalization;
using MLClassify.Common;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>
/// Draws a confusion matrix as SVG: rows are true classes, columns predicted ones. The diagonal is blue and mistakes are orange, the
/// darker the larger their share of the row; counts stand in the cells where they can be read, and in tool tips up to 20,000 cells.
/// </summary>
public static class ConfusionMatrixPlot
{
    private const int MostTips = 20_000;

    internal static readonly PlotColor[] CorrectScale = [new(0xE9, 0xF1, 0xFA), new(0x5B, 0x9B, 0xD8), new(0x0B, 0x3F, 0x82)];
    internal static readonly PlotColor[] MistakeScale = [new(0xFD, 0xEA, 0xD9), new(0xEE, 0x8A, 0x3C), new(0x8F, 0x2F, 0x06)];
    private static readonly PlotColor NoImages = new(0xF1, 0xF3, 0xF5);

    /// <summary>Writes the image to a file.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="matrix">The matrix, of any number of classes.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, ConfusionMatrix matrix) => AtomicFile.WriteAllText(path, ToSvg(matrix));

    /// <summary>The image as SVG text.</summary>
    /// <param name="matrix">The matrix, of any number of classes.</param>
    public static string ToSvg(this ConfusionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var layout = new ConfusionMatrixLayout(matrix);
        double accuracy = matrix.Images == 0 ? 0 : (double)matrix.Correct / matrix.Images;
        string summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{matrix.Images} images, {matrix.Classes} classes, {matrix.Correct} correct ({DisplayText.Percent(accuracy)})");
        var svg = new SvgDocument(
            layout.Width, layout.Height, "Confusion matrix", summary + ". Rows are true classes, columns are predicted classes.");
        svg.Text(ConfusionMatrixLayout.TextLeft, 38, "Confusion matrix", 20, PlotColor.Ink, isBold: true);
        svg.Text(ConfusionMatrixLayout.TextLeft, 61, summary, 13, PlotColor.Muted);

        DrawCells(svg, matrix, layout);
        DrawLabels(svg, matrix, layout);
        if (layout.HasShareColumn)
        {
            DrawShares(svg, matrix, layout);
        }

        DrawLegend(svg, layout);
        return svg.ToString();
    }

    private static void DrawCells(SvgDocument svg, ConfusionMatrix matrix, ConfusionMatrixLayout layout)
    {
        bool hasTips = CountNonZero(matrix) <= MostTips;
        for (int row = 0; row < matrix.Classes; row++)
        {
            double y = layout.Top + (row * layout.Cell);
            long total = matrix.RowTotal(row);
            if (total == 0)
            {
                svg.Rectangle(layout.Left, y, layout.Grid, layout.Cell, NoImages, hasTips ? $"{matrix.ClassNames[row]}: no images" : null);
            }

            for (int column = 0; column < matrix.Classes; column++)
            {
                long count = matrix[row, column];
                if (count > 0)
                {
                    DrawCell(svg, matrix, layout, row, column, (double)count / total, hasTips);
                }
            }
        }

        if (layout.Cell >= 6)
        {
            for (int line = 1; line < matrix.Classes; line++)
            {
                double offset = line * layout.Cell;
                svg.Line(layout.Left, layout.Top + offset, layout.Left + layout.Grid, layout.Top + offset, PlotColor.Grid, 0.75);
                svg.Line(layout.Left + offset, layout.Top, layout.Left + offset, layout.Top + layout.Grid, PlotColor.Grid, 0.75);
            }
        }

        svg.Frame(layout.Left, layout.Top, layout.Grid, layout.Grid, PlotColor.Frame);
    }

    private static void DrawCell(
        SvgDocument svg, ConfusionMatrix matrix, ConfusionMatrixLayout layout, int row, int column, double share, bool hasTip)
    {
        double x = layout.Left + (column * layout.Cell);
        double y = layout.Top + (row * layout.Cell);
        PlotColor color = PlotColor.OnScale(row == column ? CorrectScale : MistakeScale, share);
        string count = matrix[row, column].ToString(CultureInfo.InvariantCulture);
        string percent = DisplayText.Percent(share);
        string? tip = hasTip
            ? $"{matrix.ClassNames[row]} taken for {matrix.ClassNames[column]}: {count} ({percent} of the row)"
            : null;
        svg.Rectangle(x, y, layout.Cell, layout.Cell, color, tip);

        double size = layout.CountSize(count.Length);
        if (size == 0)
        {
            return;
        }

        double middle = x + (layout.Cell / 2);
        bool hasPercent = layout.Cell >= 56;
        svg.Text(middle, y + (layout.Cell / 2) + (hasPercent ? 0 : size * 0.35), count, size, color.TextColor(), TextAnchor.Middle, tip: tip);
        if (hasPercent)
        {
            svg.Text(middle, y + (layout.Cell / 2) + 15, percent, 11, color.TextColor(), TextAnchor.Middle, tip: tip);
        }
    }

    private static void DrawLabels(SvgDocument svg, ConfusionMatrix matrix, ConfusionMatrixLayout layout)
    {
        for (int label = 0; label < matrix.Classes; label += layout.LabelStep)
        {
            string text = layout.Labels[label];
            string? tip = text == matrix.ClassNames[label] ? null : matrix.ClassNames[label];
            double middle = (label + 0.5) * layout.Cell;
            double baseline = layout.LabelSize * 0.35;
            svg.Text(layout.Left - 8, layout.Top + middle + baseline, text, layout.LabelSize, PlotColor.Ink, TextAnchor.End, tip: tip);

            double bottom = layout.Top + layout.Grid;
            if (layout.ColumnRotation == 0)
            {
                svg.Text(layout.Left + middle, bottom + layout.LabelSize + 6, text, layout.LabelSize, PlotColor.Ink, TextAnchor.Middle, tip: tip);
            }
            else if (layout.ColumnRotation == -45)
            {
                svg.Text(layout.Left + middle + baseline, bottom + 12, text, layout.LabelSize, PlotColor.Ink, TextAnchor.End, rotation: -45, tip: tip);
            }
            else
            {
                svg.Text(layout.Left + middle + baseline, bottom + 8, text, layout.LabelSize, PlotColor.Ink, TextAnchor.End, rotation: -90, tip: tip);
            }
        }

        double center = layout.Grid / 2;
        svg.Text(layout.Left + center, layout.ColumnTitleY, "Predicted class", 13, PlotColor.Muted, TextAnchor.Middle, isBold: true);
        svg.Text(layout.RowTitleX, layout.Top + center, "True class", 13, PlotColor.Muted, TextAnchor.Middle, isBold: true, rotation: -90);
    }

    private static void DrawShares(SvgDocument svg, ConfusionMatrix matrix, ConfusionMatrixLayout layout)
    {
        double right = layout.Left + layout.Grid + ConfusionMatrixLayout.ShareColumn - 6;
        double size = Math.Min(layout.LabelSize, 12);
        svg.Text(right, layout.Top - 8, "correct", 11, PlotColor.Muted, TextAnchor.End);
        for (int row = 0; row < matrix.Classes; row++)
        {
            long total = matrix.RowTotal(row);
            string text = total == 0 ? "-" : DisplayText.Percent((double)matrix[row, row] / total);
            string tip = string.Create(CultureInfo.InvariantCulture, $"{matrix.ClassNames[row]}: {matrix[row, row]} of {total} images correct");
            double baseline = layout.Top + ((row + 0.5) * layout.Cell) + (size * 0.35);
            svg.Text(right, baseline, text, size, PlotColor.Ink, TextAnchor.End, tip: tip);
        }
    }

    private static void DrawLegend(SvgDocument svg, ConfusionMatrixLayout layout)
    {
        const int steps = 40;
        const double barWidth = 16;
        const double barHeight = 140;
        double x = layout.LegendX;
        double top = layout.Top + 44;
        svg.Text(x, layout.Top + 6, "Share of", 11, PlotColor.Muted);
        svg.Text(x, layout.Top + 20, "the row", 11, PlotColor.Muted);
        for (int step = 0; step < steps; step++)
        {
            double share = 1 - ((step + 0.5) / steps);
            double y = top + (step * barHeight / steps);
            // Half a pixel more than the step hides the seams that antialiasing would leave.
            double height = (barHeight / steps) + (step + 1 < steps ? 0.5 : 0);
            svg.Rectangle(x, y, barWidth, height, PlotColor.OnScale(CorrectScale, share));
            svg.Rectangle(x + barWidth + 6, y, barWidth, height, PlotColor.OnScale(MistakeScale, share));
        }

        for (int tick = 0; tick <= 4; tick++)
        {
            double y = top + barHeight - (tick * barHeight / 4) + 4;
            svg.Text(x + (2 * barWidth) + 12, y, string.Create(CultureInfo.InvariantCulture, $"{25 * tick} %"), 11, PlotColor.Ink);
        }

        double caption = top + barHeight + 10;
        svg.Text(x + (barWidth / 2) + 4, caption, "correct", 11, PlotColor.Ink, TextAnchor.End, rotation: -90);
        svg.Text(x + (1.5 * barWidth) + 10, caption, "mistaken", 11, PlotColor.Ink, TextAnchor.End, rotation: -90);
    }

    private static int CountNonZero(ConfusionMatrix matrix)
    {
        int cells = 0;
        for (int row = 0; row < matrix.Classes; row++)
        {
            for (int column = 0; column < matrix.Classes; column++)
            {
                if (matrix[row, column] > 0)
                {
                    cells++;
                }
            }
        }

        return cells;
    }
}

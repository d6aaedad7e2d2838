using System.Text;

namespace MLClassify.Reports;

/// <summary>
/// The colors of confusion matrices on pages, in ten steps: blue for what is right, orange for mistakes, from a pale to a strong tone on
/// light pages and from a dim to a bright one on dark pages, each with the text color that reads better on it (4.5:1 at least).
/// </summary>
internal static class MatrixPalette
{
    /// <summary>The number of steps.</summary>
    public const int Steps = 10;

    private static readonly PlotColor[] DarkCorrect = [new(0x1B, 0x2C, 0x42), new(0x2B, 0x68, 0xA8), new(0x8F, 0xC6, 0xFA)];
    private static readonly PlotColor[] DarkMistake = [new(0x3A, 0x2A, 0x1E), new(0xA6, 0x52, 0x17), new(0xFF, 0xB8, 0x80)];

    /// <summary>The class of a cell with this share of its row.</summary>
    /// <param name="isCorrect">Whether the cell is on the diagonal.</param>
    /// <param name="share">The share, above 0 and at most 1.</param>
    public static string Class(bool isCorrect, double share) =>
        FormattableString.Invariant($"{(isCorrect ? 'c' : 'm')}{Math.Clamp((int)(share * Steps), 0, Steps - 1)}");

    /// <summary>The style rules of all steps.</summary>
    public static string Style()
    {
        var style = new StringBuilder();
        AppendRules(style, ConfusionMatrixPlot.CorrectScale, ConfusionMatrixPlot.MistakeScale);
        style.Append("@media (prefers-color-scheme: dark) {\n");
        AppendRules(style, DarkCorrect, DarkMistake);
        style.Append("}\n");
        return style.ToString();
    }

    /// <summary>All pairs of background and text.</summary>
    internal static IEnumerable<(PlotColor Background, PlotColor Text)> Pairs() =>
        from scale in new[] { ConfusionMatrixPlot.CorrectScale, ConfusionMatrixPlot.MistakeScale, DarkCorrect, DarkMistake }
        from step in Enumerable.Range(0, Steps)
        let background = At(scale, step)
        select (background, background.TextColor());

    private static void AppendRules(StringBuilder style, PlotColor[] correct, PlotColor[] mistake)
    {
        foreach ((char letter, PlotColor[] scale) in new[] { ('c', correct), ('m', mistake) })
        {
            for (int step = 0; step < Steps; step++)
            {
                PlotColor background = At(scale, step);
                style.Append(FormattableString.Invariant($".matrix .{letter}{step} {{ background-color: {background}; color: {background.TextColor()}; }}\n"));
            }
        }
    }

    private static PlotColor At(PlotColor[] scale, int step) => PlotColor.OnScale(scale, step / (Steps - 1.0));
}

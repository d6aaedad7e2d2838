using System.Globalization;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>Several runs as one table of console text.</summary>
internal static class ComparisonText
{
    private const int NameWidth = 32;
    private const int ValueWidth = 20;

    /// <summary>A row a run, in the order given, with a column for everything in which they differ.</summary>
    /// <param name="runs">The runs, at least one.</param>
    /// <exception cref="ArgumentException">There is no run.</exception>
    public static string Format(IReadOnlyList<ComparedRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0)
        {
            throw new ArgumentException("at least one run is needed", nameof(runs));
        }

        bool hasTest = runs.Any(run => run.Test is not null);
        bool hasFolds = runs.Any(run => run.CrossValidation is not null);
        var table = new TextTable();
        table.Row(["run", "network", .. runs[0].Differences.Select(d => Short(d.Name, ValueWidth)), "best epoch", "accuracy", "95 % interval", .. hasTest ? Heading("test") : [], .. hasFolds ? Heading("cross-validation") : [], "loss", "macro F1", "epochs' time"]);
        foreach (ComparedRun run in runs)
        {
            table.Row([
                Short(run.Name, NameWidth),
                Short(run.Network ?? "-", ValueWidth),
                .. run.Differences.Select(d => Short(d.Value, ValueWidth)),
                BestEpoch(run),
                Percent(run.Accuracy),
                run.AccuracyInterval?.ToString() ?? "-",
                .. hasTest ? Cells(run.Test) : [],
                .. hasFolds ? Cells(run.CrossValidation) : [],
                Figure(run.Loss, "0.0000"),
                Figure(run.MacroF1, "0.000"),
                Duration(run.Seconds),
            ]);
        }

        return table.ToString().TrimEnd('\n');
    }

    private static string[] Heading(string name) => [name, "95 % interval"];

    private static string[] Cells(EvaluationResult? result) => result is null ? ["-", "-"] : [Percent(result.Accuracy), result.AccuracyInterval.ToString()];

    /// <summary>The epoch that was kept and how many there were: <c>7/10</c>; <c>1/1 of 3</c> where more were planned.</summary>
    internal static string BestEpoch(ComparedRun run)
    {
        string of = run.PlannedEpochs is { } planned && planned > run.Epochs.Count ? FormattableString.Invariant($" of {planned}") : "";
        return run.BestEpoch is { } best ? string.Create(CultureInfo.InvariantCulture, $"{best}/{run.Epochs.Count}{of}") : "-";
    }

    internal static string Percent(double? share) => share is { } known ? DisplayText.Percent(known) : "-";

    internal static string Figure(double? value, string format) => value is { } known && !double.IsNaN(known) ? known.ToString(format, CultureInfo.InvariantCulture) : "-";

    /// <summary>A duration: <c>12.3 s</c>, <c>3:05 min</c>, <c>1:23:45 h</c>; <c>-</c> where it is not known.</summary>
    /// <param name="seconds">The seconds.</param>
    public static string Duration(double? seconds)
    {
        if (seconds is not { } known || !(known is >= 0 and <= 1e9))
        {
            return "-";
        }

        var time = TimeSpan.FromSeconds(known);
        return known switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{known:0.0} s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00} h"),
        };
    }

    private static string Short(string text, int width) => DisplayText.Shorten(DisplayText.Clean(text), width);
}

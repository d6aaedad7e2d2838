using System.Globalization;
using MLClassify.Cli.Output;
using MLClassify.Evaluation;
using MLClassify.Files;
using MLClassify.Trainers;

namespace MLClassify.Cli.Tuning;

/// <summary>What the trials of a search came to: as they end, and as one table, best first.</summary>
/// <param name="context">Where to write.</param>
/// <param name="root">The search's folder.</param>
/// <param name="isJson">Whether results are for machines.</param>
internal sealed class TrialResults(CliContext context, string root, bool isJson)
{
    private readonly List<Row> _rows = [];

    /// <summary>Whether any trial had a result.</summary>
    public bool HasAny => _rows.Any(r => r.Accuracy is not null);

    /// <summary>A folder that is absent or empty.</summary>
    /// <exception cref="IOException">There is something in it, or it cannot be made.</exception>
    public static string Claim(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        for (int number = 1; ; number++)
        {
            string candidate = number == 1 ? full : string.Create(CultureInfo.InvariantCulture, $"{full}-{number}");
            if (!File.Exists(candidate) && !(Directory.Exists(candidate) && Directory.EnumerateFileSystemEntries(candidate).Any()))
            {
                Directory.CreateDirectory(candidate);
                return candidate;
            }
        }
    }

    /// <summary>A trial's run folder.</summary>
    public string FolderOf(int number) => Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"trial-{number:000}"));

    /// <summary>Says which trial begins.</summary>
    public void Announce(int number, int count, Trial trial) =>
        context.ProgressWriter(isJson).WriteLine(DisplayLine.Clean(string.Create(CultureInfo.InvariantCulture, $"trial {number}/{count}: {trial}")));

    /// <summary>Adds a trial, and writes the table so far.</summary>
    public void Add(int number, Trial trial, EpochResult? best, double? accuracy, double? loss, TimeSpan elapsed, string note)
    {
        _rows.Add(new Row(number, trial, best?.Epoch, accuracy, loss, elapsed, note));
        AtomicFile.WriteAllText(Path.Combine(root, "tune.csv"), ToCsv());
        if (isJson)
        {
            JsonLine.Write(context.Output, new
            {
                Event = "trial",
                Trial = number,
                Settings = trial.Settings.ToDictionary(s => s.Option, s => s.Value, StringComparer.Ordinal),
                Accuracy = accuracy,
                Loss = loss,
                BestEpoch = best?.Epoch,
                Seconds = Math.Round(elapsed.TotalSeconds, 3),
                Note = note.Length == 0 ? null : note,
                Run = FolderOf(number),
            });
        }
    }

    /// <summary>Writes the page, and shows the table.</summary>
    public void Write()
    {
        FinishedRun[] runs = [.. _rows.Where(r => r.Accuracy is not null).Select(r => FinishedRun.Read(FolderOf(r.Number)))];
        if (runs.Length > 0)
        {
            ComparisonPage.Write(Path.Combine(root, "tune.html"), "Trials", ComparedRun.Rank(RunComparison.Create(runs)), RunComparison.Warnings(runs));
        }

        if (isJson || _rows.Count == 0)
        {
            return;
        }

        context.Output.WriteLine();
        context.Output.WriteLine("trial  accuracy    loss  epoch      time  settings");
        foreach (Row row in Ordered())
        {
            string accuracy = row.Accuracy is { } a ? ProgressLine.Share(a) : "-";
            string loss = row.Loss?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Number,5}  {accuracy,8}  {loss,6}  {row.Epoch?.ToString(CultureInfo.InvariantCulture) ?? "-",5}  {ProgressLine.Duration(row.Elapsed),8}  {row.Trial}{(row.Note.Length > 0 ? $"  ({row.Note})" : "")}");
            context.Output.WriteLine(DisplayLine.Clean(line));
        }

        context.Output.WriteLine(DisplayLine.Clean($"runs, tune.csv and tune.html: {root}"));
    }

    private IEnumerable<Row> Ordered() => _rows.OrderByDescending(r => r.Accuracy ?? -1).ThenBy(r => r.Loss ?? double.MaxValue).ThenBy(r => r.Number);

    private string ToCsv()
    {
        string[] options = [.. _rows.SelectMany(r => r.Trial.Settings.Select(s => s.Option)).Distinct(StringComparer.Ordinal)];
        var csv = new Csv();
        csv.Row(["trial", .. options, "accuracy", "loss", "best_epoch", "seconds", "note"]);
        foreach (Row row in Ordered())
        {
            csv.Number(row.Number);
            foreach (string option in options)
            {
                csv.Text(row.Trial.Settings.FirstOrDefault(s => s.Option == option).Value ?? "");
            }

            csv.Number(row.Accuracy);
            csv.Number(row.Loss);
            csv.Number(row.Epoch);
            csv.Number(row.Elapsed.TotalSeconds, "0.###");
            csv.Text(row.Note);
            csv.EndRow();
        }

        return csv.ToString();
    }

    private sealed record Row(int Number, Trial Trial, int? Epoch, double? Accuracy, double? Loss, TimeSpan Elapsed, string Note);
}

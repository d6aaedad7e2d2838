using System.Globalization;
using MLClassify.Cli.Output;
using MLClassify.Trainers;

namespace MLClassify.Cli.Tuning;

/// <summary>What the trials of a search came to: as they end, and as one table, best first.</summary>
/// <param name="context">Where to write.</param>
/// <param name="folder">The search's folder.</param>
/// <param name="isJson">Whether results are written as JSON.</param>
internal sealed class TrialResults(CliContext context, SearchFolder folder, bool isJson)
{
    private readonly List<TrialOutcome> _outcomes = [];

    /// <summary>Whether any trial had a result.</summary>
    public bool HasAny => _outcomes.Any(o => o.Accuracy is not null);

    /// <summary>Says which trial begins.</summary>
    public void Announce(int number, int count, SearchTrial trial) =>
        context.ProgressWriter(isJson).WriteLine(DisplayLine.Clean(string.Create(CultureInfo.InvariantCulture, $"trial {number}/{count}: {trial}")));

    /// <summary>Adds a trial, and writes the table so far.</summary>
    public void Add(TrialOutcome outcome)
    {
        _outcomes.Add(outcome);
        new SearchResult(_outcomes).WriteCsv(folder.Table);
        if (isJson)
        {
            JsonLine.Write(context.Output, new
            {
                Event = "trial",
                Trial = outcome.Number,
                Settings = outcome.Trial.Settings.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal),
                outcome.Accuracy,
                outcome.Loss,
                outcome.BestEpoch,
                Seconds = Math.Round(outcome.Elapsed.TotalSeconds, 3),
                Note = outcome.Note.Length == 0 ? null : outcome.Note,
                Run = folder.TrialFolder(outcome.Number),
            });
        }
    }

    /// <summary>Writes the page, and shows the table.</summary>
    public void Write()
    {
        var result = new SearchResult(_outcomes);
        result.WritePage(folder.Page);
        if (isJson || _outcomes.Count == 0)
        {
            return;
        }

        context.Output.WriteLine();
        context.Output.WriteLine("trial  accuracy    loss  epoch      time  settings");
        foreach (TrialOutcome row in result.Outcomes)
        {
            string accuracy = row.Accuracy is { } a ? ProgressLine.Share(a) : "-";
            string loss = row.Loss?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Number,5}  {accuracy,8}  {loss,6}  {row.BestEpoch?.ToString(CultureInfo.InvariantCulture) ?? "-",5}  {ProgressLine.Duration(row.Elapsed),8}  {row.Trial}{(row.Note.Length > 0 ? $"  ({row.Note})" : "")}");
            context.Output.WriteLine(DisplayLine.Clean(line));
        }

        context.Output.WriteLine(DisplayLine.Clean($"runs, tune.csv and tune.html: {folder.FullPath}"));
    }
}

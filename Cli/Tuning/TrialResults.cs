using System.Globalization;
using MLClassify.Cli.Output;
using MLClassify.Reports;
using MLClassify.Trainers;

namespace MLClassify.Cli.Tuning;

/// <summary>What the trials of a search came to: as they end, and as one table, best first.</summary>
/// <param name="context">Where to write.</param>
/// <param name="folder">The search's folder.</param>
/// <param name="trials">How many there are to be.</param>
/// <param name="hasFolds">Whether they are cross-validated.</param>
/// <param name="isJson">Whether results are written as JSON.</param>
internal sealed class TrialResults(CliContext context, SearchFolder folder, int trials, bool hasFolds, bool isJson) : IProgress<SearchProgress>
{
    private readonly List<TrialOutcome> _outcomes = [];

    /// <summary>Whether any trial had a result.</summary>
    public bool HasAny => _outcomes.Any(o => o.Accuracy is not null);

    /// <summary>Says which trial begins, and takes what one came to.</summary>
    /// <param name="value">Where the search stands.</param>
    public void Report(SearchProgress value)
    {
        if (value.Outcome is { } outcome)
        {
            Add(outcome);
        }
        else if (value.Training is null)
        {
            context.ProgressWriter(isJson).WriteLine(
                DisplayLine.Clean(string.Create(CultureInfo.InvariantCulture, $"trial {value.Number}/{value.Count}: {value.Trial}")));
        }
    }

    /// <summary>Shows the table, and what the best is worth.</summary>
    /// <param name="test">The best trial's model on images that no trial saw; null without.</param>
    public void Show(EvaluationResult? test = null)
    {
        if (_outcomes.Count == 0)
        {
            return;
        }

        var result = new SearchResult(_outcomes) { Test = test };
        if (isJson)
        {
            JsonLine.Write(context.Output, new
            {
                Event = "best",
                Trial = result.Best?.Number,
                result.Best?.Accuracy,
                AccuracyLow = result.Best?.AccuracyInterval?.Low,
                AccuracyHigh = result.Best?.AccuracyInterval?.High,
                TestAccuracy = test?.Accuracy,
                TestAccuracyLow = test?.AccuracyInterval.Low,
                TestAccuracyHigh = test?.AccuracyInterval.High,
                TestImages = test?.Images,
            });
            return;
        }

        context.Output.WriteLine();
        context.Output.WriteLine("trial  accuracy    95 % interval    loss  epoch      time  settings");
        foreach (TrialOutcome row in result.Outcomes)
        {
            string accuracy = row.Accuracy is { } a ? ProgressLine.Share(a) : "-";
            string loss = row.Loss?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Number,5}  {accuracy,8}  {row.AccuracyInterval?.ToString() ?? "-",15}  {loss,6}  {row.BestEpoch?.ToString(CultureInfo.InvariantCulture) ?? "-",5}  {ProgressLine.Duration(row.Elapsed),8}  {row.Trial}{(row.Note.Length > 0 ? $"  ({row.Note})" : "")}");
            context.Output.WriteLine(DisplayLine.Clean(line));
        }

        if (_outcomes.Count < trials)
        {
            context.Output.WriteLine(FormattableString.Invariant($"ended early: {_outcomes.Count} of {trials} trials"));
        }

        if (result.Best?.Problem is { } problem)
        {
            context.Output.WriteLine(DisplayLine.Clean($"problem of the best: {problem}"));
        }

        if (_outcomes.Select(o => o.IsHeadSolved).Distinct().Count() > 1)
        {
            string solved = string.Join(", ", result.Outcomes.Where(o => o.IsHeadSolved).Select(o => o.Number).Order());
            context.Output.WriteLine($"the heads of trials {solved} were solved, those of the others trained in steps: that, too, lies between them");
        }

        if (result.Caution is { } caution)
        {
            context.Output.WriteLine(caution + (test is null ? " For the figure to expect, set images aside with --test." : ""));
        }

        if (test is not null)
        {
            context.Output.WriteLine(FormattableString.Invariant(
                $"the best one's model on {test.Images} test images that no trial saw: {ProgressLine.Share(test.Accuracy)} (95 % interval {test.AccuracyInterval})"));
        }

        context.Output.WriteLine(DisplayLine.Clean($"runs, tune.csv and tune.html: {folder.FullPath}"));
    }

    private void Add(TrialOutcome outcome)
    {
        _outcomes.Add(outcome);
        if (hasFolds && outcome is { Accuracy: { } accuracy, Images: { } images })
        {
            context.ProgressWriter(isJson).WriteLine(FormattableString.Invariant(
                $"trial {outcome.Number}, cross-validation: {ProgressLine.Share(accuracy)} of {images} images (95 % interval {outcome.AccuracyInterval})"));
        }

        if (isJson)
        {
            JsonLine.Write(context.Output, new
            {
                Event = "trial",
                Trial = outcome.Number,
                Settings = outcome.Trial.Settings.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal),
                outcome.Accuracy,
                outcome.Images,
                outcome.Loss,
                outcome.BestEpoch,
                Seconds = Math.Round(outcome.Elapsed.TotalSeconds, 3),
                Note = outcome.Note.Length == 0 ? null : outcome.Note,
                Run = folder.TrialFolder(outcome.Number),
            });
        }
    }
}

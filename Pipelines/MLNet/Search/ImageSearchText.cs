using System.Globalization;
using System.Text;
using MLClassify.Evaluation;

namespace MLClassify.MLNet;

/// <summary>The table of a search.</summary>
internal static class ImageSearchText
{
    private const int NameWidth = 44;

    public static string Format(ImageSearchResult result)
    {
        var text = new StringBuilder();
        text.Append(result.Measure).Append('\n').Append(Table(result));
        foreach (ImageSearchTrial failed in result.Trials.Where(trial => trial.IsFailed))
        {
            text.Append("failed: ").Append(DisplayText.Clean(failed.ToString())).Append('\n');
        }

        if (result.Cut is { } cut)
        {
            IEnumerable<string> left = result.Trials.Where(trial => trial is { Evaluation: null, IsFailed: false }).Select(trial => $"{trial.Backbone} with {trial.Trainer}");
            text.Append(cut).Append(" Not tried: ").AppendJoin(", ", left).Append(". Another run may get further, and choose another.\n");
        }

        foreach (string sentence in Sentences(result))
        {
            text.Append(sentence).Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>What is to be said about the best trial and the data.</summary>
    public static IEnumerable<string> Sentences(ImageSearchResult result)
    {
        if (result.Measured().Count() == 1 && result.Trials.Count > 1)
        {
            yield return "Only this one was measured: that is no comparison.";
        }

        if (result.Caution is { } caution)
        {
            ImageSearchTrial fastest = result.Measured().Where(result.IsLikeBest).MinBy(trial => trial.MultiplyAdds)!;
            yield return fastest.MultiplyAdds < result.BestTrial.MultiplyAdds
                ? $"{caution} The cheapest of these: {fastest.Backbone} with {fastest.Trainer}."
                : caution;
        }

        if (result.Test is { } test)
        {
            yield return FormattableString.Invariant($"The best one's model on {test.Images} images that no trial saw: {DisplayText.Percent(test.Accuracy)}, 95 % interval {test.AccuracyInterval}.");
        }

        foreach (Verdict problem in (result.Test ?? result.BestTrial.Evaluation!).Diagnosis.Where(verdict => verdict.Tone == VerdictTone.Problem))
        {
            yield return $"problem: {problem.Sentence} {problem.Advice}";
        }

        if (result.Skipped.Count > 0)
        {
            yield return FormattableString.Invariant($"{result.Skipped.Count} {(result.Skipped.Count == 1 ? "image" : "images")} could not be read, in no trial. First: {DisplayText.Clean(result.Skipped[0].Path)}");
        }

        if (result.Test is { Skipped: [{ } first, ..] skipped })
        {
            yield return FormattableString.Invariant($"Of the images that no trial saw, {skipped.Count} could not be read. First: {DisplayText.Clean(first.Path)}");
        }

        if (result.RowsWithoutLabel > 0)
        {
            yield return FormattableString.Invariant($"{result.RowsWithoutLabel} rows without a label are in no trial.");
        }
    }

    private static string Table(ImageSearchResult result)
    {
        var table = new TextTable();
        table.Row("network", "trainer", "accuracy", "95 % interval", "balanced", "loss", "training s", "CPU s", "ms an image", "");
        foreach (ImageSearchTrial trial in result.Measured())
        {
            EvaluationResult figures = trial.Evaluation!;
            table.Row(
                DisplayText.Shorten(DisplayText.Clean(trial.Backbone), NameWidth),
                DisplayText.Shorten(DisplayText.Clean(trial.Trainer), NameWidth),
                DisplayText.Percent(figures.Accuracy),
                figures.AccuracyInterval.ToString(),
                DisplayText.Percent(figures.BalancedAccuracy),
                double.IsNaN(figures.Loss) ? "-" : Number(figures.Loss, "0.000"),
                Number(trial.TrainingTime.TotalSeconds, "0.0"),
                Number(trial.TrainingCpuTime.TotalSeconds, "0.0"),
                Number(trial.ScoringMilliseconds, "0.0"),
                trial == result.BestTrial ? "best" : result.IsLikeBest(trial) ? "alike" : "");
        }

        return table.ToString();
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

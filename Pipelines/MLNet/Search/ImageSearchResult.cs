using Microsoft.ML;
using MLClassify.Trainers;

namespace MLClassify.MLNet;

/// <summary>What a search over networks and trainers came to.</summary>
public sealed class ImageSearchResult
{
    internal ImageSearchResult(IEnumerable<ImageSearchTrial> trials, string measure) => (Trials, Measure) = ([.. Ranked(trials)], measure);

    /// <summary>
    /// The best trial's network and trainer, trained on all images but those of the test: from the column with the images to
    /// <c>PredictedLabel</c> and <c>Score</c>. Saved by <c>context.Model.Save</c>; the caller disposes it (<see cref="IDisposable"/>).
    /// </summary>
    public required ITransformer Best { get; init; }

    /// <summary>The trial that it is of.</summary>
    public ImageSearchTrial BestTrial => Trials[0];

    /// <summary>
    /// All trials, the best first: by accuracy, of equals the one whose network is cheaper, then the one with the lower loss; those without a result last.
    /// </summary>
    public IReadOnlyList<ImageSearchTrial> Trials { get; }

    /// <summary>The best model's result on images that no trial was trained on or chosen by: the figure to expect of it. Null without such images.</summary>
    public EvaluationResult? Test { get; init; }

    /// <summary>
    /// Why the best accuracy is too good to be expected, and how many trials cannot be told from it, in a sentence; null where it is the only one.
    /// </summary>
    public string? Caution => new SearchResult(Measured().Select(Outcome)).Caution;

    /// <summary>Images whose file cannot be read; they are in no trial.</summary>
    public required IReadOnlyList<SkippedFile> Skipped { get; init; }

    /// <summary>Rows without a label; they are in no trial.</summary>
    public required int RowsWithoutLabel { get; init; }

    /// <summary>Why the search ended before its last trial, so that another may find another; null where all were tried.</summary>
    public string? Cut { get; init; }

    /// <summary>What the trials were measured on, in words.</summary>
    internal string Measure { get; }

    /// <summary>The trials as a table, and what is to be said about the best.</summary>
    public override string ToString() => ImageSearchText.Format(this);

    internal static IEnumerable<ImageSearchTrial> Ranked(IEnumerable<ImageSearchTrial> trials) => trials
        .OrderByDescending(trial => trial.Evaluation?.Accuracy ?? -1)
        .ThenBy(trial => trial.Evaluation is null ? 0 : trial.MultiplyAdds)
        .ThenBy(trial => trial.Evaluation is { Loss: var loss } && !double.IsNaN(loss) ? loss : double.MaxValue);

    /// <summary>The trials with a result.</summary>
    internal IEnumerable<ImageSearchTrial> Measured() => Trials.Where(trial => trial.Evaluation is not null);

    /// <summary>Whether a trial's accuracy lies inside the best one's interval: <see cref="Caution"/> counts these.</summary>
    internal bool IsLikeBest(ImageSearchTrial trial) => trial.Evaluation?.Accuracy >= BestTrial.Evaluation?.AccuracyInterval.Low;

    private static TrialOutcome Outcome(ImageSearchTrial trial, int index) => new()
    {
        Number = index + 1,
        Trial = new SearchTrial([("backbone", trial.Backbone), ("trainer", trial.Trainer)], options => options),
        Accuracy = trial.Evaluation!.Accuracy,
        Images = trial.Evaluation.Images,
        Loss = trial.Evaluation.Loss,
        Elapsed = trial.TrainingTime,
    };
}

using Microsoft.Extensions.Logging;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>
/// Trains one network after another with different settings on the same images and ranks them by their validation accuracy. The same
/// options, trials and images give the same figures.
/// </summary>
public sealed class HyperparameterSearch
{
    private readonly FineTuneOptions[] _options;

    /// <summary>Checks all trials, before the first is trained.</summary>
    /// <param name="start">What the trials have in common.</param>
    /// <param name="trials">What is tried: <see cref="SearchSpace.Grid"/> or <see cref="SearchSpace.Draw"/>; at least one.</param>
    /// <exception cref="ArgumentException">There is no trial, or a setting of one is out of range; the message names the trial.</exception>
    public HyperparameterSearch(FineTuneOptions start, IReadOnlyList<SearchTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(trials);
        Trials = trials.Count > 0 ? [.. trials] : throw new ArgumentException("There is no trial.", nameof(trials));
        Start = start;
        _options = [.. Trials.Select(trial => OptionsOf(trial, start))];
    }

    /// <summary>What the trials have in common.</summary>
    public FineTuneOptions Start { get; }

    /// <summary>What is tried, in order.</summary>
    public IReadOnlyList<SearchTrial> Trials { get; }

    /// <summary>Where every trial's run and the outcomes are written. Default null: nowhere.</summary>
    public ISearchRun? Run { get; init; }

    /// <summary>
    /// Trains a trial in place of the search, for a caller that shows and writes more than <see cref="Run"/> does: gets where the search stands,
    /// the trial's options and a token that cancels; its result is disposed by the search. <see cref="Run"/> then receives the outcomes alone.
    /// Default null: the search trains with a <see cref="FineTuneTrainer"/>.
    /// </summary>
    public Func<SearchProgress, FineTuneOptions, CancellationToken, Task<TrainingResult>>? TrainTrial { get; init; }

    /// <summary>
    /// Images that no trial is trained on or chosen by: the best one's classifier is measured on them at the end, since the figure that it
    /// was chosen by favors it. Default null: none.
    /// </summary>
    public ImageDataset? Test { get; init; }

    /// <summary>
    /// Ranks the trials by cross-validation in so many folds of the training and validation images together, at least 2, for sets so small
    /// that a part of them says little. Each trial trains once more for every fold. Default 0: by the validation images.
    /// </summary>
    public int Folds { get; init; }

    /// <summary>The time after which no trial is started and the one under way is ended. Default null: no limit; above zero.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Finds what <see cref="FineTuneOptions.Weights"/> names. Default null: in the cache that the environment describes.</summary>
    public WeightResolver? Resolver { get; init; }

    /// <summary>Receives every trial's start, epochs, warnings, skipped files and end, or null for no logging.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>The clock for elapsed times and the limit. Default the system's. It changes no result.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Trains every trial. One that diverges is a result, too: it is listed, without figures. Where one fails, <see cref="Run"/> has what
    /// those before came to.
    /// </summary>
    /// <param name="train">Training images.</param>
    /// <param name="validation">Images that the trials are measured on, with the same class names.</param>
    /// <param name="progress">Receives progress when a trial begins, after every batch, and when the trial ends, on the training thread;
    /// null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the current trial after its step and starts no other; the result holds the trials so far.</param>
    /// <exception cref="ArgumentException">The sets differ in their class names, or have fewer than two; or <see cref="Limit"/> is not
    /// above zero, or <see cref="Folds"/> is 1 or negative.</exception>
    /// <exception cref="InvalidDatasetException">A set holds no readable image.</exception>
    /// <exception cref="WeightsUnavailableException">Published weights are not here and cannot be fetched.</exception>
    /// <exception cref="IOException">A file of <see cref="Run"/> cannot be written.</exception>
    public async Task<SearchResult> RunAsync(
        ImageDataset train, ImageDataset validation, IProgress<SearchProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        if (Limit <= TimeSpan.Zero)
        {
            throw new ArgumentException($"{nameof(Limit)} is {Limit}; it must be above zero.");
        }

        if (Folds is 1 or < 0)
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(Folds)} is {Folds}; it must be at least 2, or 0 for none."));
        }

        using var over = new CancellationTokenSource(Limit is { TotalMilliseconds: <= int.MaxValue } limit ? limit : Timeout.InfiniteTimeSpan, TimeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        var weights = new Dictionary<(string? Backbone, WeightSelection Selection, string? Model), (FineTuneOptions Options, InitialWeights? Start)>();
        Func<SearchProgress, FineTuneOptions, CancellationToken, Task<TrainingResult>> fit = TrainTrial
            ?? ((place, options, token) => TrainAsync(place, options, train, validation, weights, progress, token));
        ImageDataset? all = Folds > 0 ? new ImageDataset(train.ClassNames, train.Samples.Concat(validation.WithClasses(train.ClassNames).Samples)) : null;
        var outcomes = new List<TrialOutcome>();
        using var best = new BestTrial(keeps: Test is not null);
        SearchResult Result(EvaluationResult? test = null) => new(outcomes) { Test = test, IsCanceled = outcomes.Count < Trials.Count || (outcomes.Count > 0 && outcomes[^1].IsEndedEarly) };
        try
        {
            for (int i = 0; i < Trials.Count && !stop.IsCancellationRequested; i++)
            {
                var place = new SearchProgress(i + 1, Trials.Count, Trials[i]);
                progress?.Report(place);
                TrialOutcome? outcome = await TryAsync(place, _options[i], fit, all, best, stop.Token).ConfigureAwait(false);
                if (outcome is null)
                {
                    break;
                }

                outcomes.Add(outcome);
                Run?.TrialCompleted(Result());
                progress?.Report(place with { Outcome = outcome });
            }
        }
        catch when (Run is not null && outcomes.Count > 0)
        {
            // What was found before is not lost with what failed.
            Run.Complete(Result());
            throw;
        }

        // The test is part of the result even of a search that was ended: it takes moments.
        SearchResult result = Result(Test is { } test && best.Classifier is { } classifier
            ? await classifier.EvaluateAsync(test, cancellationToken: CancellationToken.None).ConfigureAwait(false)
            : null);
        Run?.Complete(result);
        return result;
    }

    private static FineTuneOptions OptionsOf(SearchTrial trial, FineTuneOptions start)
    {
        try
        {
            FineTuneOptions options = trial.Apply(start);
            _ = new FineTuneTrainer(options);
            return options;
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The trial {trial} cannot be: {e.Message}", e);
        }
    }

    // Null where it was ended before it had a result.
    private async Task<TrialOutcome?> TryAsync(
        SearchProgress place,
        FineTuneOptions options,
        Func<SearchProgress, FineTuneOptions, CancellationToken, Task<TrainingResult>> fit,
        ImageDataset? all,
        BestTrial best,
        CancellationToken cancellationToken)
    {
        long start = TimeProvider.GetTimestamp();
        try
        {
            using TrainingResult result = await fit(place, options, cancellationToken).ConfigureAwait(false);
            CrossValidationResult? folds = all is null || result.IsCanceled ? null
                : await new CrossValidation(result.Options) { Folds = Folds, Resolver = Resolver, Logger = Logger, TimeProvider = TimeProvider }
                    .RunAsync(all, cancellationToken: cancellationToken).ConfigureAwait(false);
            var outcome = TrialOutcome.From(place.Number, place.Trial, result, folds?.Pooled);
            best.Offer(outcome, result);
            return folds is null ? outcome : outcome with { Elapsed = TimeProvider.GetElapsedTime(start) };
        }
        catch (TrainingDivergedException e)
        {
            e.Result?.Dispose();
            return new TrialOutcome { Number = place.Number, Trial = place.Trial, Network = options.Backbone ?? "", Elapsed = TimeProvider.GetElapsedTime(start), Note = e.Message };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<TrainingResult> TrainAsync(
        SearchProgress place,
        FineTuneOptions options,
        ImageDataset train,
        ImageDataset validation,
        Dictionary<(string? Backbone, WeightSelection Selection, string? Model), (FineTuneOptions Options, InitialWeights? Start)> weights,
        IProgress<SearchProgress>? progress,
        CancellationToken cancellationToken)
    {
        // Trials that start from the same weights look for them, and perhaps fetch them, once.
        (string?, WeightSelection, string?) key = (options.Backbone, options.Weights, options.InitialModel);
        if (!weights.TryGetValue(key, out (FineTuneOptions Options, InitialWeights? Start) found))
        {
            weights[key] = found = await FineTuneNetwork.StartAsync(options, Resolver, progress: null, Logger, cancellationToken).ConfigureAwait(false);
        }

        options = options with { Backbone = found.Options.Backbone, Weights = found.Options.Weights };
        ITrialRun? run = Run?.CreateTrial(place.Number);
        TrainingResult? result = null;
        try
        {
            var trainer = new FineTuneTrainer(options) { Run = run, InitialWeights = found.Start, Logger = Logger, TimeProvider = TimeProvider };
            run?.Begin(trainer.Options, train, validation);
            IProgress<TrainingProgress>? inner = progress is null ? null : new Relay(progress, place);
            result = await trainer.FitAsync(train, validation, inner, cancellationToken).ConfigureAwait(false);
            run?.Complete(result);
            return result;
        }
        catch
        {
            result?.Dispose();
            run?.Abandon();
            throw;
        }
    }

    // The classifier of the best trial so far, by the order that the result has.
    private sealed class BestTrial(bool keeps) : IDisposable
    {
        private TrialOutcome? _outcome;

        public ImageClassifier? Classifier { get; private set; }

        public void Offer(TrialOutcome outcome, TrainingResult result)
        {
            if (!keeps || outcome.Accuracy is null || (_outcome is not null && new SearchResult([_outcome, outcome]).Best == _outcome))
            {
                return;
            }

            Classifier?.Dispose();
            (_outcome, Classifier) = (outcome, result.TakeClassifier());
        }

        public void Dispose() => Classifier?.Dispose();
    }

    private sealed class Relay(IProgress<SearchProgress> progress, SearchProgress place) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(place with { Training = value });
    }
}

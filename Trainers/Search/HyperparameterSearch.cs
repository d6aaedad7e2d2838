using Microsoft.Extensions.Logging;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>
/// Trains one network after another with different settings on the same pictures and ranks them by their validation accuracy. The same
/// options, trials and pictures give the same figures.
/// </summary>
public sealed class HyperparameterSearch
{
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
        foreach (SearchTrial trial in trials)
        {
            try
            {
                _ = new FineTuneTrainer(trial.Apply(start));
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException($"The trial {trial} cannot be: {e.Message}", e);
            }
        }
    }

    /// <summary>What the trials have in common.</summary>
    public FineTuneOptions Start { get; }

    /// <summary>What is tried, in order.</summary>
    public IReadOnlyList<SearchTrial> Trials { get; }

    /// <summary>Where every trial's run, the table and the page are written. Default null: nowhere.</summary>
    public SearchFolder? Folder { get; init; }

    /// <summary>The time after which no trial is started and the one under way is ended. Default null: no limit; above zero.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Finds what <see cref="FineTuneOptions.Weights"/> names. Default null: in the cache that the environment describes.</summary>
    public WeightResolver? Resolver { get; init; }

    /// <summary>Receives every trial's start, epochs, warnings, skipped files and end, or null for no logging.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>The clock for elapsed times and the limit. Default the system's. It changes no result.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Trains every trial. One that diverges is a result, too: it is listed, without figures. Where one fails, <see cref="Folder"/> has what
    /// those before came to.
    /// </summary>
    /// <param name="train">Pictures to learn from.</param>
    /// <param name="validation">Pictures that the trials are measured on, with the same class names.</param>
    /// <param name="progress">Told when a trial begins, after every batch, and when it is over, on the training thread; nobody when null.</param>
    /// <param name="cancellationToken">Ends the trial under way after its step and starts no other; the result has what was reached.</param>
    /// <exception cref="ArgumentException">The sets differ in their class names, or have fewer than two; or <see cref="Limit"/> is not above zero.</exception>
    /// <exception cref="InvalidDatasetException">A set holds no readable picture.</exception>
    /// <exception cref="WeightsUnavailableException">Published weights are not here and cannot be fetched.</exception>
    /// <exception cref="IOException">A file of <see cref="Folder"/> cannot be written.</exception>
    public async Task<SearchResult> RunAsync(
        ImageDataset train, ImageDataset validation, IProgress<SearchProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        if (Limit <= TimeSpan.Zero)
        {
            throw new ArgumentException($"{nameof(Limit)} is {Limit}; it must be above zero.");
        }

        using var over = new CancellationTokenSource(Limit is { TotalMilliseconds: <= int.MaxValue } limit ? limit : Timeout.InfiniteTimeSpan, TimeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        var outcomes = new List<TrialOutcome>();
        SearchResult Result() => new(outcomes) { IsCancelled = outcomes.Count < Trials.Count || (outcomes.Count > 0 && outcomes[^1].IsEndedEarly) };
        try
        {
            for (int i = 0; i < Trials.Count && !stop.IsCancellationRequested; i++)
            {
                var place = new SearchProgress(i + 1, Trials.Count, Trials[i]);
                progress?.Report(place);
                TrialOutcome? outcome = await TryAsync(place, train, validation, progress, stop.Token).ConfigureAwait(false);
                if (outcome is null)
                {
                    break;
                }

                outcomes.Add(outcome);
                if (Folder is not null)
                {
                    Result().WriteCsv(Folder.Table);
                }

                progress?.Report(place with { Outcome = outcome });
            }
        }
        catch when (Folder is not null && outcomes.Count > 0)
        {
            // What was found before is not lost with what failed.
            Result().WritePage(Folder.Page);
            throw;
        }

        SearchResult result = Result();
        if (Folder is not null)
        {
            result.WritePage(Folder.Page);
        }

        return result;
    }

    // Null where it was ended before it began.
    private async Task<TrialOutcome?> TryAsync(
        SearchProgress place, ImageDataset train, ImageDataset validation, IProgress<SearchProgress>? progress, CancellationToken cancellationToken)
    {
        RunFolder? run = Folder is null ? null : RunFolder.Create(Folder.TrialFolder(place.Number));
        var trainer = new FineTuneTrainer(place.Trial.Apply(Start)) { Run = run, Resolver = Resolver, Logger = Logger, TimeProvider = TimeProvider };
        long start = TimeProvider.GetTimestamp();
        try
        {
            run?.WriteArguments(trainer.Options, train, validation);
            IProgress<TrainingProgress>? inner = progress is null ? null : new Relay(progress, place);
            using TrainingResult result = await trainer.FitAsync(train, validation, inner, cancellationToken).ConfigureAwait(false);
            run?.Write(result);
            return TrialOutcome.From(place.Number, place.Trial, result);
        }
        catch (TrainingDivergedException e)
        {
            e.Result?.Dispose();
            run?.Abandon();
            return new TrialOutcome { Number = place.Number, Trial = place.Trial, Network = trainer.Options.Backbone, Elapsed = TimeProvider.GetElapsedTime(start), Note = e.Message };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            run?.Abandon();
            return null;
        }
        catch
        {
            run?.Abandon();
            throw;
        }
    }

    private sealed class Relay(IProgress<SearchProgress> progress, SearchProgress place) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(place with { Training = value });
    }
}

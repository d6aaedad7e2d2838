using Microsoft.Extensions.Logging;
using MLClassify.Datasets;
using MLClassify.Evaluation;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <summary>
/// Estimates how well a training does, by training several times: the images are split into folds, and each fold is measured with a
/// classifier that was trained on the others. Every image is measured once, by a classifier in whose training it took no part, not even
/// to choose an epoch. The way to a figure with a narrow interval where there are few images. The same options and images give the same
/// figures.
/// </summary>
public sealed class CrossValidation
{
    /// <summary>The share of a fold's training images that choose the epoch of a training in steps.</summary>
    private const double ValidationFraction = 0.1;

    /// <summary>Checks the options.</summary>
    /// <param name="options">How to train.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or the network is unknown.</exception>
    public CrossValidation(FineTuneOptions options) => Options = new FineTuneTrainer(options).Options;

    /// <summary>The options with defaults filled in, except those that depend on the network.</summary>
    public FineTuneOptions Options { get; }

    /// <summary>The number of folds, at least 2. Default 5.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Finds what <see cref="FineTuneOptions.Weights"/> names. Default null: in the cache that the environment describes.</summary>
    public WeightResolver? Resolver { get; init; }

    /// <summary>The weights of <see cref="FineTuneOptions.Backbone"/>, where they have been found already. Default null: they are looked for.</summary>
    public InitialWeights? InitialWeights { get; init; }

    /// <summary>Receives every training's start, epochs, warnings, skipped files and end, or null for no logging.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>The clock for elapsed times. Default the system's. It changes no result.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Trains and measures fold after fold.</summary>
    /// <param name="images">The images.</param>
    /// <param name="foldCompleted">Receives each fold's result, on the training thread; null for no reporting.</param>
    /// <param name="progress">Receives the progress of every training after each batch, on the training thread; null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the current training after its step.</param>
    /// <exception cref="ArgumentException">There are fewer than two folds or classes.</exception>
    /// <exception cref="InvalidDatasetException">There are too few images for the folds, or none can be read.</exception>
    /// <exception cref="WeightsUnavailableException">Published weights are not here and cannot be fetched.</exception>
    /// <exception cref="TrainingDivergedException">The loss of a training is no longer finite.</exception>
    /// <exception cref="OperationCanceledException">The cross-validation was canceled.</exception>
    public async Task<CrossValidationResult> RunAsync(
        ImageDataset images,
        IProgress<EvaluationResult>? foldCompleted = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (Folds < 2)
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(Folds)} is {Folds}; it must be at least 2."));
        }

        int smallest = images.CountPerClass().Where(count => count > 0).DefaultIfEmpty().Min();
        if (smallest < 2)
        {
            throw new InvalidDatasetException("A class has fewer than two images: no fold could both learn it and be measured on it.");
        }

        HashSet<int> apart = [.. SplitUnit.Of(images.Samples).SelectMany(unit => unit.Classes).CountBy(own => own.Label).Where(own => own.Value > 1).Select(own => own.Key)];
        if (images.Samples.Select(sample => sample.Label).Where(label => !apart.Contains(label)).Select(label => images.ClassNames[label]).FirstOrDefault() is { } single)
        {
            throw new InvalidDatasetException($"All images of the class {single} are in one group: no fold could both learn it and be measured on it.");
        }

        (FineTuneOptions options, InitialWeights? start) = InitialWeights is { } found
            ? (Options with { Weights = found.Selection }, found)
            : await FineTuneNetwork.StartAsync(Options, Resolver, progress: null, Logger, cancellationToken).ConfigureAwait(false);
        bool isSolved = options.Optimizer.Kind == OptimizerKind.Lbfgs;
        var results = new List<EvaluationResult>();
        foreach ((ImageDataset train, ImageDataset heldOut) in images.Folds(Folds, options.Seed))
        {
            if (heldOut.Count == 0)
            {
                continue;
            }

            var trainer = new FineTuneTrainer(options) { InitialWeights = start, Logger = Logger, TimeProvider = TimeProvider };
            EvaluationResult? result = isSolved ? await SolveAsync(trainer, train, heldOut, progress, cancellationToken).ConfigureAwait(false) : null;
            isSolved = result is not null;
            result ??= await StepAsync(trainer, train, heldOut, progress, cancellationToken).ConfigureAwait(false);
            results.Add(result);
            foldCompleted?.Report(result);
        }

        return new CrossValidationResult(results);
    }

    // A head that is solved chooses nothing by its validation images. Null where it turns out not to be of the kind that is solved.
    private static async Task<EvaluationResult?> SolveAsync(
        FineTuneTrainer trainer, ImageDataset train, ImageDataset heldOut, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        using TrainingResult training = await trainer.FitAsync(train, heldOut, progress, cancellationToken).ConfigureAwait(false);
        return training.Options.Optimizer.Kind == OptimizerKind.Lbfgs ? Finished(training, cancellationToken).Validation : null;
    }

    private static async Task<EvaluationResult> StepAsync(
        FineTuneTrainer trainer, ImageDataset train, ImageDataset heldOut, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        (ImageDataset learned, ImageDataset choosing) = train.Split(ValidationFraction, trainer.Options.Seed);
        using TrainingResult training = await trainer.FitAsync(learned, choosing, progress, cancellationToken).ConfigureAwait(false);
        return await Finished(training, cancellationToken).EvaluateAsync(heldOut, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    // A training that was ended before its time is not the one that is to be judged.
    private static TrainingResult Finished(TrainingResult training, CancellationToken cancellationToken) =>
        training.IsCanceled ? throw new OperationCanceledException("The cross-validation was canceled.", cancellationToken) : training;
}

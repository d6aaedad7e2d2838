using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MLClassify.Networks;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>
/// Distillation: trains a small network to predict the pooled features of larger, trained networks (the teachers) by a
/// linear layer, which is then thrown away (feature regression: Romero et al. 2015, arXiv:1412.6550; the same crop for teacher and
/// student: Beyer et al. 2022, arXiv:2106.05237). No labels are used. The same options and data give the same bytes, whatever the number
/// of threads.
/// </summary>
public sealed class DistillationTrainer
{
    private readonly FineTuneOptions _common;

    /// <summary>Checks the options.</summary>
    /// <param name="options">How to train.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or a network is unknown.</exception>
    public DistillationTrainer(DistillationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _common = options.ToFineTune();
        NetworkRegistry.Default.Get(options.Student);
        foreach (DistillationTeacher teacher in options.Teachers)
        {
            NetworkRegistry.Default.Get(teacher.Backbone);
        }

        Options = options;
    }

    /// <summary>The options.</summary>
    public DistillationOptions Options { get; }

    /// <summary>Called after every epoch with the result so far, to save it; do not keep or dispose it. Null for no call.</summary>
    public Action<DistillationResult>? EpochCompleted { get; init; }

    /// <summary>Finds the teachers' weights. Default null: in the cache that the environment describes.</summary>
    public WeightResolver? Resolver { get; init; }

    /// <summary>Receives the run's start, epochs, skipped files and end, or null for no logging.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>The clock for elapsed times. Default the system's. It changes no result.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Trains.</summary>
    /// <param name="train">Training images; their labels do not matter.</param>
    /// <param name="validation">Held-out images to measure on; nothing is measured when null or empty.</param>
    /// <param name="progress">Receives progress after every batch, on the training thread; null for no reporting.</param>
    /// <param name="cancellationToken">Cancels training after the current step; the result then holds the best epoch so far.</param>
    /// <returns>The student after the last step; the caller disposes it.</returns>
    /// <exception cref="InvalidDatasetException">Not one image can be read.</exception>
    /// <exception cref="ArgumentException">A teacher's weights are of another network, or none.</exception>
    /// <exception cref="IOException">A teacher's weights are not here and cannot be had.</exception>
    /// <exception cref="InvalidWeightsException">A weight file is damaged or of another network.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer finite.</exception>
    public Task<DistillationResult> FitAsync(
        ImageDataset train,
        ImageDataset? validation = null,
        IProgress<DistillationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        return FitCheckedAsync(train, validation is { Count: > 0 } ? validation : null, progress, cancellationToken);
    }

    private async Task<DistillationResult> FitCheckedAsync(
        ImageDataset train, ImageDataset? validation, IProgress<DistillationProgress>? progress, CancellationToken cancellationToken)
    {
        ILogger logger = Logger ?? NullLogger.Instance;
        try
        {
            InitialWeights[] teachers = await FindTeachersAsync(cancellationToken).ConfigureAwait(false);

            // The token is not given to Run: a canceled training still has a result.
            return await Task.Run(
                () =>
                {
                    using var run = new DistillationRun(Options, _common, teachers, train, validation, progress, TimeProvider)
                    {
                        EpochCompleted = EpochCompleted,
                        Logger = logger,
                    };
                    return run.Execute(cancellationToken);
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            TrainingLog.Failed(logger, e);
            throw;
        }
    }

    private async Task<InitialWeights[]> FindTeachersAsync(CancellationToken cancellationToken)
    {
        using WeightsCache? own = Resolver is null ? new WeightsCache() : null;
        WeightResolver resolver = Resolver ?? new WeightResolver(own!);
        var found = new InitialWeights[Options.Teachers.Count];
        for (int i = 0; i < found.Length; i++)
        {
            DistillationTeacher teacher = Options.Teachers[i];
            found[i] = await resolver.ResolveAsync(teacher.Backbone, teacher.Weights, progress: null, cancellationToken).ConfigureAwait(false)
                ?? throw new ArgumentException($"The teacher {teacher.Backbone} has no weights: there is nothing to learn from it.");
        }

        return found;
    }
}

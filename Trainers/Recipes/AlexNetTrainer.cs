using Microsoft.Extensions.Logging;
using MLClassify.Trainers;

namespace MLClassify;

/// <summary>
/// Trains AlexNet from scratch as Krizhevsky, Sutskever and Hinton did ("ImageNet classification with deep convolutional neural networks",
/// 2012). They evaluated it by the average of ten crops: <see cref="TrainingResult.Evaluate"/> with <see cref="TestTimeViews.TenCrop"/>.
/// </summary>
public sealed class AlexNetTrainer
{
    private readonly FineTuneOptions _recipe;

    /// <summary>Checks the options.</summary>
    /// <param name="options">What differs from the paper; nothing when null.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or the network is none of the family.</exception>
    public AlexNetTrainer(AlexNetOptions? options = null)
    {
        options ??= new AlexNetOptions();
        if (!options.Backbone.StartsWith("alexnet", StringComparison.OrdinalIgnoreCase))
        {
            throw OptionError.Create(nameof(AlexNetOptions.Backbone), $"{nameof(AlexNetOptions.Backbone)} is '{options.Backbone}'; it must be alexnet_paper, alexnet or alexnet_half.");
        }

        Options = options;
        _recipe = new FineTuneTrainer(options.ToRecipe()).Options;
    }

    /// <summary>What differs from the paper.</summary>
    public AlexNetOptions Options { get; }

    /// <summary>
    /// The run folder that results are written to after every epoch, and that an interrupted run is resumed from; null to write nothing.
    /// </summary>
    public ITrainingRun? Run { get; init; }

    /// <summary>Whether to resume the interrupted run in <see cref="Run"/>. Default false.</summary>
    public bool Resume { get; init; }

    /// <summary>Receives the run's start, epochs, warnings, skipped files and end, or null for no logging.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>The clock for elapsed times and checkpoints. Default the system's. It changes no result.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Trains.</summary>
    /// <param name="train">Training images.</param>
    /// <param name="validation">Images whose error decides about the rate and the best epoch, with the same class names.</param>
    /// <param name="progress">Receives progress after every batch, on the training thread; null for no reporting.</param>
    /// <param name="cancellationToken">Cancels training after the current step; the result then holds the best epoch so far.</param>
    /// <returns>The best epoch's model and the run's history; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The sets differ in their class names, or have fewer than two.</exception>
    /// <exception cref="InvalidDatasetException">A set holds no readable image.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a gradient is no longer finite.</exception>
    public Task<TrainingResult> FitAsync(
        ImageDataset train, ImageDataset validation, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new FineTuneTrainer(_recipe) { Run = Run, Resume = Resume, Logger = Logger, TimeProvider = TimeProvider }
            .FitAsync(train, validation, progress, cancellationToken);
}

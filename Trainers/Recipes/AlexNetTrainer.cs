using Microsoft.Extensions.Logging;
using MLClassify.Engines;
using MLClassify.Evaluation;
using MLClassify.Models;
using MLClassify.Preprocessing;
using MLClassify.Preprocessing.Loading;
using MLClassify.Trainers;

namespace MLClassify;

/// <summary>
/// Trains AlexNet from scratch as Krizhevsky, Sutskever and Hinton did ("ImageNet classification with deep convolutional neural networks",
/// 2012), and measures it as they did: by the average of ten crops.
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
            throw new ArgumentException($"{nameof(AlexNetOptions.Backbone)} is '{options.Backbone}'; it must be alexnet_paper, alexnet or alexnet_half.");
        }

        Options = options;
        _recipe = new FineTuneTrainer(options.ToRecipe()).Options;
    }

    /// <summary>What differs from the paper.</summary>
    public AlexNetOptions Options { get; }

    /// <summary>Where results are written after every epoch, and from where an interrupted run goes on; nowhere when null.</summary>
    public RunFolder? Run { get; init; }

    /// <summary>Whether to go on where <see cref="Run"/> was interrupted. Default false.</summary>
    public bool Resume { get; init; }

    /// <summary>Receives the run's start, epochs, warnings, skipped files and end, or null for no logging.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>The clock for elapsed times and checkpoints. Default the system's. It changes no result.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Trains.</summary>
    /// <param name="train">Pictures to learn from.</param>
    /// <param name="validation">Pictures whose error decides about the rate and the best epoch, with the same class names.</param>
    /// <param name="progress">Told after every batch, on the training thread; nobody when null.</param>
    /// <param name="cancellationToken">Ends training after the step under way; the result then has what was reached.</param>
    /// <returns>The best epoch's model and the run's history; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The sets differ in their class names, or have fewer than two.</exception>
    /// <exception cref="InvalidDatasetException">A set holds no readable picture.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a gradient is no longer finite.</exception>
    public Task<TrainingResult> FitAsync(
        ImageDataset train, ImageDataset validation, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new FineTuneTrainer(_recipe) { Run = Run, Resume = Resume, Logger = Logger, TimeProvider = TimeProvider }
            .FitAsync(train, validation, progress, cancellationToken);

    /// <summary>Measures a model by ten crops of each picture, corners and centre and their mirror images, whose probabilities are averaged.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pictures">The pictures, with the model's class names.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="InvalidDatasetException">Not one picture could be read, or the classes are others.</exception>
    public static EvaluationResult EvaluateTenCrop(TrainedModel model, ImageDataset pictures, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pictures);
        const int batch = 16;
        using var loader = new BatchLoader(pictures.WithClasses(model.Labels), model.Preprocessing, new BatchLoaderOptions
        {
            BatchSize = batch,
            PictureViews = PictureView.For(TestTimeViews.TenCrop),
            CacheBytes = 0,
        });
        using IInferenceSession session = model.CreateInference(batch);
        return ImageEvaluator.Run(session, loader, batchDone: null, cancellationToken);
    }
}

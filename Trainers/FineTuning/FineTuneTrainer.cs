using MLClassify.Datasets;
using MLClassify.Networks;

namespace MLClassify.Trainers;

/// <summary>
/// Trains a network of the registry, or a model from a file, on labelled pictures: its head on the features of a frozen backbone, or all of it. The best epoch by
/// validation accuracy is kept. The same options and data give the same bytes, whatever the number of threads.
/// </summary>
public sealed class FineTuneTrainer
{
    private readonly NetworkDefinition? _network;

    /// <summary>Checks the options.</summary>
    /// <param name="options">How to train.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or the network is unknown.</exception>
    public FineTuneTrainer(FineTuneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options.Resolve();
        Warnings = options.Warnings();
        _network = options.From is null ? NetworkRegistry.Default.Get(options.Backbone) : null;
    }

    /// <summary>The options with everything chosen that they left open, but for what the network decides.</summary>
    public FineTuneOptions Options { get; }

    /// <summary>What a user should know before training.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Where results are written after every epoch; nowhere when null.</summary>
    public RunFolder? Run { get; init; }

    /// <summary>Trains.</summary>
    /// <param name="train">Pictures to learn from.</param>
    /// <param name="validation">Pictures to choose the best epoch by, with the same class names.</param>
    /// <param name="progress">Told after every batch, on the training thread; nobody when null.</param>
    /// <param name="cancellationToken">Ends training after the step under way; the result then has what was reached.</param>
    /// <returns>The best epoch's model and the run's history; the caller disposes it, or the <c>ImageClassifier</c> made from it.</returns>
    /// <exception cref="ArgumentException">The sets differ in their class names, or have fewer than two.</exception>
    /// <exception cref="InvalidDatasetException">A set holds no readable picture.</exception>
    /// <exception cref="Networks.Weights.InvalidWeightsException">The pretrained weights or the model are damaged, or of another network.</exception>
    /// <exception cref="Networks.Onnx.UnsupportedOnnxException">The ONNX model uses what is not supported; the message lists all of it.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer finite; the exception has the best epoch before.</exception>
    public Task<TrainingResult> FitAsync(
        ImageDataset train,
        ImageDataset validation,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        CheckData(train, validation);

        // The token is not given to Run: a cancelled training still has a result.
        return Task.Run(() => Fit(train, validation, progress, cancellationToken), CancellationToken.None);
    }

    private static void CheckData(ImageDataset train, ImageDataset validation)
    {
        if (!train.ClassNames.SequenceEqual(validation.ClassNames, StringComparer.Ordinal))
        {
            throw new ArgumentException("Training and validation pictures have different class names.", nameof(validation));
        }

        if (train.ClassNames.Count < 2)
        {
            throw new ArgumentException(FormattableString.Invariant($"A classifier needs at least two classes, got {train.ClassNames.Count}."), nameof(train));
        }

        if (train.Count == 0 || validation.Count == 0)
        {
            throw new InvalidDatasetException(train.Count == 0
                ? "There are no training pictures."
                : "There are no validation pictures; each class needs at least two pictures to hold one out.");
        }
    }

    private TrainingResult Fit(ImageDataset train, ImageDataset validation, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var reporter = new ProgressReporter(progress, Options.Epochs.GetValueOrDefault());
        FineTuneNetwork network = _network is null
            ? FineTuneNetwork.CreateFrom(Options.From ?? "", Options, train.ClassNames)
            : FineTuneNetwork.Create(_network, Options, train.ClassNames);
        using var run = new FineTuneRun(network, Options, train, validation, reporter)
        {
            Folder = Run,
            Warnings = Warnings,
        };
        return run.Execute(cancellationToken);
    }
}

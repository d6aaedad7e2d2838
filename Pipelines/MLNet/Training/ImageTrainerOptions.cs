using Microsoft.ML;
using MLClassify.Reports;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.MLNet;

/// <summary>Options common to all image trainers of a pipeline: columns, validation and progress reporting.</summary>
public abstract record ImageTrainerOptions
{
    private protected ImageTrainerOptions()
    {
    }

    /// <summary>The column with the classes: a key, as <c>MapValueToKey</c> makes it. Rows without a value are left out. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column with the images: paths as text, image files' content as a vector of Byte, or <c>MLImage</c>. Default <c>ImagePath</c>.</summary>
    public string ImageColumnName { get; init; } = "ImagePath";

    /// <summary>The column for the probabilities. Default <c>Score</c>.</summary>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>The column for the likeliest class. Default <c>PredictedLabel</c>.</summary>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>
    /// Images that the best epoch is chosen by, with the same columns; its classes are matched by name. Default null: a part of the
    /// training data, see <see cref="ValidationFraction"/>.
    /// </summary>
    public IDataView? ValidationSet { get; init; }

    /// <summary>
    /// The share of each class that is held out of training where there is no <see cref="ValidationSet"/>. Default 0.1; above 0, below 1.
    /// </summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>
    /// What the trained model makes of images that cannot be read. In training they are left out, whatever this says, and listed in
    /// <see cref="ImageTrainingSummary.Skipped"/>. Default <see cref="UnreadableImages.Missing"/>.
    /// </summary>
    public UnreadableImages Unreadable { get; init; }

    /// <summary>Receives progress after every batch, on the training thread. Default null: no reporting.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>
    /// Where the report, the curves and the weights are written: the history after every epoch, the rest at the end. Default null: nowhere.
    /// Every call of Fit writes into the same folder.
    /// </summary>
    public RunFolder? Run { get; init; }

    /// <summary>
    /// Cancels training after the current step. Where an epoch was finished, the best one is the result; else Fit throws an
    /// <see cref="OperationCanceledException"/>. Default: never.
    /// </summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Checks what all have in common.</summary>
    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    internal virtual void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(LabelColumnName);
        Columns.Validate();
        if (!(ValidationFraction > 0 && ValidationFraction < 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(ValidationFraction)} is {ValidationFraction}; it must be above 0 and below 1."));
        }
    }

    internal ClassifierColumns Columns => new(ImageColumnName, PredictedLabelColumnName, ScoreColumnName, Unreadable);

    /// <summary>The seed that is asked for; null where the context's, or else the default one, holds.</summary>
    internal abstract long? Seed { get; }

    /// <summary>The trainer of these options.</summary>
    /// <param name="seed">The seed where the options name none.</param>
    /// <param name="progress">Receives progress in place of <see cref="Progress"/>.</param>
    internal abstract ImageTrainer CreateTrainer(long seed, IProgress<TrainingProgress> progress);
}

/// <summary>How an image classifier is fine-tuned.</summary>
public sealed record ImageClassificationOptions : ImageTrainerOptions
{
    /// <summary>
    /// The network, its weights and how they are trained. Default null: the head of ResNet-50 with its published weights, which are fetched
    /// once, or of the network inside the library where these cannot be had; with the context's seed.
    /// </summary>
    public FineTuneOptions? Training { get; init; }

    /// <summary>Finds pretrained weights. Default null: in the cache that the environment describes.</summary>
    public WeightResolver? Resolver { get; init; }

    internal override long? Seed => Training?.Seed;

    internal override void Validate()
    {
        base.Validate();
        if (Training is not null)
        {
            _ = new FineTuneTrainer(Training);
        }
    }

    internal override ImageTrainer CreateTrainer(long seed, IProgress<TrainingProgress> progress) => async (train, validation) =>
    {
        FineTuneOptions training = Training ?? new FineTuneOptions { Seed = seed };
        var trainer = new FineTuneTrainer(training) { Run = Run, Resolver = Resolver };
        return await trainer.FitAsync(train, validation, progress, CancellationToken).ConfigureAwait(false);
    };
}

/// <summary>How AlexNet is trained from scratch, as its paper did.</summary>
public sealed record AlexNetFromScratchOptions : ImageTrainerOptions
{
    /// <summary>What differs from the paper. Default null: nothing, with the context's seed.</summary>
    public AlexNetOptions? Training { get; init; }

    internal override long? Seed => Training?.Seed;

    internal override void Validate()
    {
        base.Validate();
        if (Training is not null)
        {
            _ = new AlexNetTrainer(Training);
        }
    }

    internal override ImageTrainer CreateTrainer(long seed, IProgress<TrainingProgress> progress) => (train, validation) =>
        new AlexNetTrainer(Training ?? new AlexNetOptions { Seed = seed }) { Run = Run }.FitAsync(train, validation, progress, CancellationToken);
}

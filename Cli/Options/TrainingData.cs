using MLClassify.Datasets;

namespace MLClassify.Cli.Options;

/// <summary>The images of a run, and what is to be said about them.</summary>
/// <param name="Folder">Where they lie.</param>
/// <param name="Train">Training images.</param>
/// <param name="Validation">Images held out.</param>
/// <param name="Record">What the run's record says about them.</param>
internal sealed record TrainingData(ImageFolder Folder, ImageDataset Train, ImageDataset Validation, IReadOnlyDictionary<string, object?> Record)
{
    private readonly Lazy<IReadOnlyList<DatasetWarning>> _warnings = new(() => DatasetAudit.Run(Train, Validation));

    /// <summary>What the audit found; the files are looked at once, however many runs learn from them.</summary>
    public IReadOnlyList<DatasetWarning> Warnings => _warnings.Value;
}

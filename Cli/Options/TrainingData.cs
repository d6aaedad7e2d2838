using MLClassify.Cli.Output;
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

    /// <summary>Images that nothing is trained on or chosen by, to measure at the end; null without.</summary>
    public ImageDataset? Test { get; init; }

    /// <summary>What is said first: the groups that are kept together.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>The folds of a cross-validation; 0 without.</summary>
    public int Folds { get; init; }

    /// <summary>The images that are cross-validated: all but the test part; the training part alone where the folder or the user says what is held out.</summary>
    public required ImageDataset Folded { get; init; }

    /// <summary>What the audit found; the files are looked at once, however many runs learn from them.</summary>
    public IReadOnlyList<DatasetWarning> Warnings => _warnings.Value;

    /// <summary>Writes what is said first.</summary>
    public void Tell(TextWriter writer)
    {
        foreach (string line in Lines)
        {
            writer.WriteLine(DisplayLine.Clean(line));
        }
    }
}

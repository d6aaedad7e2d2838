using System.Globalization;
using MLClassify.Cli.Output;
using MLClassify.Reports;

namespace MLClassify.Cli.Commands;

/// <summary>Measures classifiers on the same images and writes what was found.</summary>
/// <param name="context">Where to write.</param>
internal sealed class Measurement(CliContext context)
{
    private bool _hasWarned;

    /// <summary>The images' folder.</summary>
    public required ImageFolder Folder { get; init; }

    /// <summary>The images.</summary>
    public required ImageDataset Images { get; init; }

    /// <summary>Which of the folder's images these are, in words.</summary>
    public required string What { get; init; }

    /// <summary>What of each image is seen; the probabilities are averaged.</summary>
    public TestTimeViews Views { get; init; }

    /// <summary>Measures a classifier.</summary>
    /// <param name="classifier">It.</param>
    /// <param name="name">What a warning calls it; null where there is one alone.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public EvaluationResult Run(ImageClassifier classifier, string? name, CancellationToken cancellationToken)
    {
        EvaluationResult report = classifier.Evaluate(Images, Views, progress: null, cancellationToken);
        IReadOnlyList<SkippedFile> skipped = report.Skipped;
        if (skipped.Count > 0 && !_hasWarned)
        {
            // The same files for every model.
            _hasWarned = true;
            context.Warn(FormattableString.Invariant($"{skipped.Count} files could not be read. First: {skipped[0].Path}: {skipped[0].Reason}"));
        }

        if (report.TrainedOn > 0)
        {
            context.Warn(DisplayLine.Clean((name is null ? "" : $"{name}: ") + TrainedOn(report)));
        }

        return report;
    }

    private static string TrainedOn(EvaluationResult report) => FormattableString.Invariant(
        $"{report.TrainedOn} of these {report.Images} images were trained on: the figures are better than on images that the model has not seen");

    /// <summary>Writes the report's files.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="measured">The figures.</param>
    /// <param name="start">What the model's backbone was made from; null where that is not known.</param>
    public void Write(string folder, string name, EvaluationResult measured, string? start)
    {
        (string Path, string Reason)[] skipped = [.. Folder.Ignored.Concat(measured.Skipped).Select(s => (s.Path, s.Reason))];
        ReportFolder.Write(folder, measured, skipped);
        string data = Path.GetFileName(Path.TrimEndingDirectorySeparator(Folder.Root));
        HtmlReport.Write(Path.Combine(folder, ReportFolder.Page), new ReportContent
        {
            Title = name,
            Subtitle = FormattableString.Invariant($"measured on {data}, {What}: {measured.Images:N0} images"),
            Report = measured,
            Facts = new RunFacts
            {
                CommandLine = ShellText.Join(["mlclassify", .. context.Arguments]),
                Start = start,
                DataFolder = Folder.Root,
                Warnings = measured.TrainedOn > 0 ? [.. Folder.Warnings, TrainedOn(measured)] : Folder.Warnings,
            },
            Details =
            [
                ("Model", name),
                ("Data", data),
                ("Measured on", What),
                ("Classes", measured.Classes.Count.ToString(CultureInfo.InvariantCulture)),
                ("Images", measured.Images.ToString("N0", CultureInfo.InvariantCulture)),
            ],
            Skipped = skipped,
        });
    }
}

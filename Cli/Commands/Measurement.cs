using System.Globalization;
using MLClassify.Cli.Output;
using MLClassify.Common;
using MLClassify.Reports;

namespace MLClassify.Cli.Commands;

/// <summary>Measures classifiers on the same pictures and writes what was found.</summary>
/// <param name="context">Where to write.</param>
internal sealed class Measurement(CliContext context)
{
    private bool _hasWarned;

    /// <summary>The pictures' folder.</summary>
    public required ImageFolder Folder { get; init; }

    /// <summary>The pictures.</summary>
    public required ImageDataset Images { get; init; }

    /// <summary>Which of the folder's pictures these are, in words.</summary>
    public required string What { get; init; }

    /// <summary>What of each picture is seen; the probabilities are averaged.</summary>
    public TestTimeViews Views { get; init; }

    /// <summary>Measures a classifier.</summary>
    public Measured Run(ImageClassifier classifier, CancellationToken cancellationToken)
    {
        EvaluationResult report = classifier.Evaluate(Images, Views, progress: null, cancellationToken);
        IReadOnlyList<SkippedFile> skipped = report.Skipped;
        if (skipped.Count > 0 && !_hasWarned)
        {
            // The same files for every model.
            _hasWarned = true;
            context.Warn(FormattableString.Invariant($"{skipped.Count} files could not be read. First: {skipped[0].Path}: {skipped[0].Reason}"));
        }

        return new Measured(report, skipped);
    }

    /// <summary>Writes the report's files.</summary>
    public void Write(string folder, string name, Measured measured)
    {
        (string Path, string Reason)[] skipped = [.. Folder.Ignored.Concat(measured.Skipped).Select(s => (s.Path, s.Reason))];
        ReportFolder.Write(folder, measured.Report, skipped);
        AtomicFile.WriteAllText(Path.Combine(folder, "confusion_matrix.csv"), measured.Report.ConfusionMatrix.ToCsv());
        string data = Path.GetFileName(Path.TrimEndingDirectorySeparator(Folder.Root));
        HtmlReport.Write(Path.Combine(folder, ReportFolder.Page), new ReportContent
        {
            Title = name,
            Subtitle = FormattableString.Invariant($"measured on {data}: {What}, {measured.Report.Images:N0} pictures"),
            Report = measured.Report,
            Facts = new RunFacts
            {
                CommandLine = ShellText.Join(["mlclassify", .. context.Arguments]),
                DataFolder = Folder.Root,
                Warnings = Folder.Warnings,
            },
            Details =
            [
                ("Model", name),
                ("Data", data),
                ("Measured on", What),
                ("Classes", measured.Report.Classes.Count.ToString(CultureInfo.InvariantCulture)),
                ("Pictures", measured.Report.Images.ToString("N0", CultureInfo.InvariantCulture)),
            ],
            Skipped = skipped,
        });
    }
}

using System.Globalization;
using MLClassify.Cli.Output;
using MLClassify.Reports;

namespace MLClassify.Cli.Commands;

/// <summary>Measures classifiers on the same images and writes what was found.</summary>
/// <param name="context">Where to write.</param>
internal sealed class Measurement(CliContext context)
{
    private bool _hasWarned;
    private IReadOnlyList<string> _notes = [];

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
        (ImageDataset images, IReadOnlyList<string> others) = Common(Images, classifier.Labels);
        EvaluationResult report = classifier.Evaluate(images, Views, progress: null, cancellationToken);
        IReadOnlyList<SkippedFile> skipped = report.Skipped;
        _notes = [.. others, .. report.Unmeasured(images)];
        foreach (string note in _notes)
        {
            context.Warn(DisplayLine.Clean((name is null ? "" : $"{name}: ") + note));
        }

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

    // What the folder and the model both know; where that is nothing, the measuring itself says so.
    private static (ImageDataset Images, IReadOnlyList<string> Notes) Common(ImageDataset images, IReadOnlyList<string> labels)
    {
        int[] counts = images.CountPerClass();
        HashSet<string> known = [.. labels];
        (string Name, int Count)[] here = [.. images.ClassNames.Select((name, label) => (name, counts[label])).Where(own => own.Item2 > 0)];
        (string Name, int Count)[] unknown = [.. here.Where(own => !known.Contains(own.Name))];
        if (unknown.Length == here.Length)
        {
            return (images, []);
        }

        var notes = new List<string>();
        if (unknown.Length > 0)
        {
            string left = string.Join(", ", unknown.Select(own => FormattableString.Invariant($"{own.Name} ({own.Count})")));
            notes.Add(FormattableString.Invariant($"{unknown.Sum(own => own.Count)} images are left out, of classes that the model does not know: {left}"));
        }

        string[] without = [.. labels.Except(here.Select(own => own.Name), StringComparer.Ordinal)];
        if (without.Length > 0)
        {
            notes.Add($"the model's classes without images here, of which nothing is measured: {string.Join(", ", without)}");
        }

        return (images.OnlyClasses(labels), notes);
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
                Warnings = [.. Folder.Warnings, .. _notes, .. measured.TrainedOn > 0 ? [TrainedOn(measured)] : Array.Empty<string>()],
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

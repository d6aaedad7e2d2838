using System.CommandLine;

namespace MLClassify.Cli.Options;

/// <summary>Which images of a folder are held out.</summary>
internal sealed class SplitOptions
{
    public Option<double?> Fraction { get; } = OptionFactory.Number("--split", "Hold out this share of each class, at random by --seed. Default 0.1.");

    public Option<int?> Every { get; } = OptionFactory.Integer("--split-every", "Hold out every N-th file of each class, sorted by name.");

    public Option<string?> Validation { get; } = OptionFactory.Text("--val", "DIR", "A folder of held-out images.");

    public Option<long?> Seed { get; } = OptionFactory.LongInteger("--seed", "Seed for random operations. Default 42.");

    private readonly GroupOptions _groups = new();

    private readonly Option<string?> _labels = OptionFactory.Text(
        "--labels", "FILE", "A table (CSV or TSV) of the images: path, and label, group or split (train, val, test). Paths are relative to DATA or to the file. Without labels the folders are the classes.");

    private readonly Option<ClassLevel?> _classes = OptionFactory.Choice<ClassLevel>(
        "--classes", "Which folders are the classes where they lie in each other, as plant/daisy: the outermost (plant), those in which images lie (daisy), or these with their paths. Default top.");

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withValidation">Whether <c>--val</c> is one of them.</param>
    /// <param name="withGroups">Whether <c>--group</c> and <c>--near-duplicates</c> are among them.</param>
    public void AddTo(Command command, bool withValidation, bool withGroups = true)
    {
        Option[] exclusive = withValidation ? [Validation, Fraction, Every] : [Fraction, Every];
        foreach (Option option in exclusive)
        {
            command.Add(option);
        }

        if (withGroups)
        {
            _groups.AddTo(command);
            command.Add(_labels);
            command.Add(_classes);
        }

        command.Add(Seed);
        command.Validators.Add(result =>
        {
            string[] given = [.. exclusive.Where(o => result.GetResult(o) is { Implicit: false }).Select(o => o.Name)];
            if (given.Length > 1)
            {
                result.AddError($"{string.Join(" and ", given)} exclude each other");
            }
        });
    }

    /// <summary>Whether the command line says what is held out.</summary>
    public bool IsGiven(ParseResult parsed) =>
        parsed.GetValue(Validation) is not null || parsed.GetValue(Fraction) is not null || parsed.GetValue(Every) is not null;

    /// <summary>Opens a folder to look at, or to measure on.</summary>
    public ImageFolder Open(ParseResult parsed, string folder) =>
        ImageFolder.Open(folder, new ImageFolderOptions { MinimumClasses = 1, Classes = parsed.GetValue(_classes) ?? ClassLevel.Top, Labels = parsed.GetValue(_labels) });

    /// <summary>What the command line says about a folder.</summary>
    public DataSelection Bind(ParseResult parsed, string folder) => _groups.Bind(parsed, new()
    {
        Folder = folder,
        Classes = parsed.GetValue(_classes) ?? ClassLevel.Top,
        Labels = parsed.GetValue(_labels),
        Validation = parsed.GetValue(Validation),
        Fraction = parsed.GetValue(Fraction),
        Every = parsed.GetValue(Every),
        Seed = parsed.GetValue(Seed) ?? new FineTuneOptions().Seed,
    });

    /// <summary>The images to measure on, and what they are.</summary>
    public (ImageDataset Images, string What) ForEvaluation(ParseResult parsed, ImageFolder folder, CancellationToken cancellationToken)
    {
        if (Bind(parsed, folder.Root).Explicit(folder, cancellationToken) is { } split)
        {
            return (split.Validation, "held-out part");
        }

        return folder switch
        {
            { Test: { } test } => (test, "test part"),
            { Validation: { } validation } => (validation, "validation part"),
            _ => (folder.Dataset, "all images"),
        };
    }
}

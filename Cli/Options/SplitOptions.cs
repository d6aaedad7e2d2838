using System.CommandLine;
using MLClassify.Datasets;

namespace MLClassify.Cli.Options;

/// <summary>Which pictures of a folder are held out.</summary>
internal sealed class SplitOptions
{
    private const double DefaultFraction = 0.1;

    public Option<double?> Fraction { get; } = Make.Number("--split", "Hold out this share of each class, at random by --seed. Default 0.1.");

    public Option<int?> Every { get; } = Make.Integer("--split-every", "Hold out every N-th file of each class, sorted by name.");

    public Option<string?> Validation { get; } = Make.Text("--val", "DIR", "A folder of held-out pictures.");

    public Option<long?> Seed { get; } = Make.LongInteger("--seed", "Decides everything that is left to chance. Default 42.");

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withValidation">Whether <c>--val</c> is one of them.</param>
    public void AddTo(Command command, bool withValidation)
    {
        Option[] exclusive = withValidation ? [Validation, Fraction, Every] : [Fraction, Every];
        foreach (Option option in exclusive)
        {
            command.Add(option);
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

    /// <summary>The pictures to train on and those held out.</summary>
    public (ImageDataset Train, ImageDataset Validation) ForTraining(ParseResult parsed, ImageFolder folder)
    {
        if (parsed.GetValue(Validation) is { } path)
        {
            ImageFolder validation = ImageFolder.Open(path, new ImageFolderOptions { MinimumClasses = 1 });
            return (folder.Dataset, validation.Dataset.WithClasses(folder.ClassNames));
        }

        return Explicit(parsed, folder)
            ?? (folder.HasPredefinedSplit ? folder.TrainValidation() : folder.Split(DefaultFraction, SeedOf(parsed)));
    }

    /// <summary>The pictures to measure on, and what they are.</summary>
    public (ImageDataset Images, string What) ForEvaluation(ParseResult parsed, ImageFolder folder)
    {
        if (Explicit(parsed, folder) is { } split)
        {
            return (split.Validation, "held-out part");
        }

        return folder switch
        {
            { Test: { } test } => (test, "test part"),
            { Validation: { } validation } => (validation, "validation part"),
            _ => (folder.Dataset, "all pictures"),
        };
    }

    private (ImageDataset Train, ImageDataset Validation)? Explicit(ParseResult parsed, ImageFolder folder)
    {
        if (parsed.GetValue(Every) is { } every)
        {
            return every >= 2 ? folder.SplitEvery(every) : throw new UsageException($"--split-every: expected at least 2, got {every}");
        }

        if (parsed.GetValue(Fraction) is not { } fraction)
        {
            return null;
        }

        return fraction is > 0 and < 1
            ? folder.Split(fraction, SeedOf(parsed))
            : throw new UsageException(FormattableString.Invariant($"--split: expected a share above 0 and below 1, got {fraction}"));
    }

    private long SeedOf(ParseResult parsed) => parsed.GetValue(Seed) ?? new Trainers.FineTuneOptions().Seed;
}

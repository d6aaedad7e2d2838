using System.Text.Json;
using MLClassify.Reports;

namespace MLClassify.Cli.Options;

/// <summary>Which images a run learns from and which it holds out; a run's record has it, so that the run can go on.</summary>
internal sealed record DataSelection
{
    private const double DefaultFraction = 0.1;

    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Which folders are the classes.</summary>
    public ClassLevel Classes { get; init; }

    /// <summary>A table of the images; null for the folder's layout.</summary>
    public string? Labels { get; init; }

    /// <summary>A folder of held-out images.</summary>
    public string? Validation { get; init; }

    /// <summary>The share held out.</summary>
    public double? Fraction { get; init; }

    /// <summary>Hold out every Nth file of each class for validation; N >= 2.</summary>
    public int? Every { get; init; }

    /// <summary>The share set aside for a test at the end.</summary>
    public double? Test { get; init; }

    /// <summary>The folds of a cross-validation.</summary>
    public int? Folds { get; init; }

    /// <summary>What says which images belong together; null for nothing.</summary>
    public string? Group { get; init; }

    /// <summary>Whether near-duplicates stay on one side of a split.</summary>
    public bool NearDuplicates { get; init; } = true;

    /// <summary>Decides a split by share.</summary>
    public required long Seed { get; init; }

    /// <summary>Reads what a run's record says.</summary>
    /// <exception cref="InvalidDataException">The record says nothing of a folder.</exception>
    public static DataSelection From(RunArguments arguments, string file)
    {
        JsonElement? Find(string name) => arguments.Data?.GetValueOrDefault(name) is JsonElement { ValueKind: not JsonValueKind.Null } value ? value : null;
        try
        {
            return new DataSelection
            {
                Folder = Find("folder")?.GetString() ?? throw new InvalidDataException($"{file}: the run's record does not say where its images are"),
                Labels = Find("labels")?.GetString(),
                Validation = Find("val")?.GetString(),
                Fraction = Find("split")?.GetDouble(),
                Every = Find("split_every")?.GetInt32(),
                Test = Find("test")?.GetDouble(),
                Folds = Find("folds")?.GetInt32(),
                Classes = Enum.TryParse(Find("classes")?.GetString(), ignoreCase: true, out ClassLevel classes) ? classes : ClassLevel.Top,
                Group = Find("group")?.GetString(),
                NearDuplicates = Find("near_duplicates")?.GetString() == GroupOptions.Together,
                Seed = arguments.Options.Seed,
            };
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{file}: the run's record of its data is damaged ({e.Message})", e);
        }
    }

    /// <summary>Opens the folder.</summary>
    /// <exception cref="UsageException">The split is out of range.</exception>
    /// <exception cref="InvalidDatasetException">The folder holds no classes of images.</exception>
    public TrainingData Open(CancellationToken cancellationToken = default)
    {
        var all = ImageFolder.Open(Folder, new ImageFolderOptions { Classes = Classes, Labels = Labels });
        ImageFolder folder = all.OnlyReadable(cancellationToken);
        if (Test is not null && folder.Test is not null)
        {
            throw new UsageException($"--test: {folder.Root} has a test part of its own, which is measured at the end anyway");
        }

        ImageGroups groups = Grouped(folder, cancellationToken);
        (ImageDataset rest, ImageDataset? test) = Test is { } share ? groups.Images.Split(share, Seed) : (groups.Images, null);
        (ImageDataset train, ImageDataset validation) = Apply(folder, rest, [.. all.ClassNames.Except(folder.ClassNames, StringComparer.Ordinal)]);

        // Where the folder has no other held-out part, its test part chooses the epoch, and is no test.
        test ??= folder.Test is { } own && !ReferenceEquals(own, validation) ? own : null;
        bool isOwn = Validation is not null || folder.HasPredefinedSplit;
        return new TrainingData(folder, train, validation, ToRecord(folder.Root))
        {
            Test = test,
            Lines = isOwn && NearDuplicates ? [.. groups.Lines, .. ImageGroups.Across(train, test is null ? [validation] : [validation, test], cancellationToken)] : groups.Lines,
            Folds = Folds ?? 0,
            Folded = isOwn ? train : rest,
        };
    }

    /// <summary>The split that is asked for; null when none is.</summary>
    public (ImageDataset Train, ImageDataset Validation)? Explicit(ImageFolder folder, CancellationToken cancellationToken) =>
        Fraction is null && Every is null ? null : Explicit(Grouped(folder.OnlyReadable(cancellationToken), cancellationToken).Images);

    /// <summary>The folder's images with the groups that are kept together; near-duplicates only where a part is drawn.</summary>
    public ImageGroups Grouped(ImageFolder folder, CancellationToken cancellationToken)
    {
        bool isDrawn = Test is not null || Folds is not null || Fraction is not null || Every is not null || (Validation is null && !folder.HasPredefinedSplit);
        ImageGroups groups = ImageGroups.Of(folder.Dataset, folder.Root, Group, NearDuplicates && isDrawn, cancellationToken);
        bool isDeep = Labels is null && Classes == ClassLevel.Top && folder.Samples.All(sample => Path.GetFileName(Path.GetDirectoryName(sample.Path)) != folder.ClassNames[sample.Label]);
        return isDeep
            ? groups with { Lines = ["the classes are the outermost folders; --classes leaf or path takes those in which images lie", .. groups.Lines] }
            : groups;
    }

    private (ImageDataset Train, ImageDataset Validation)? Explicit(ImageDataset images)
    {
        if (Every is { } every)
        {
            return every >= 2 ? images.HoldOutEveryNth(every) : throw new UsageException($"--split-every: expected at least 2, got {every}");
        }

        if (Fraction is not { } fraction)
        {
            return null;
        }

        return fraction is > 0 and < 1
            ? images.Split(fraction, Seed)
            : throw new UsageException(FormattableString.Invariant($"--split: expected a share above 0 and below 1, got {fraction}"));
    }

    /// <summary>The images to train on and those held out.</summary>
    /// <param name="folder">Where they lie.</param>
    /// <param name="images">Its images.</param>
    /// <param name="leftOut">Classes that are neither learned nor held out.</param>
    public (ImageDataset Train, ImageDataset Validation) Apply(ImageFolder folder, ImageDataset images, IReadOnlyList<string>? leftOut = null)
    {
        if (Validation is not null)
        {
            ImageFolder validation = ImageFolder.Open(Validation, new ImageFolderOptions { MinimumClasses = 1, Classes = Classes });
            ImageDataset held = validation.Dataset.OnlyClasses([.. validation.ClassNames.Except(leftOut ?? [], StringComparer.Ordinal)]);
            return (images, held.WithClasses(folder.ClassNames));
        }

        return Explicit(images)
            ?? (folder.HasPredefinedSplit ? (images, folder.TrainValidation().Validation) : images.Split(DefaultFraction, Seed));
    }

    // For the run's record.
    private Dictionary<string, object?> ToRecord(string root) => new(StringComparer.Ordinal)
    {
        ["folder"] = root,
        ["labels"] = Labels is null ? null : Path.GetFullPath(Labels),
        ["val"] = Validation is null ? null : Path.GetFullPath(Validation),
        ["split"] = Fraction,
        ["split_every"] = Every,
        ["test"] = Test,
        ["folds"] = Folds,
        ["classes"] = Classes == ClassLevel.Top ? null : Classes == ClassLevel.Leaf ? "leaf" : "path",
        ["group"] = Group,
        ["near_duplicates"] = NearDuplicates ? GroupOptions.Together : "ignore",
    };
}

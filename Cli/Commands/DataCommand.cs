using System.CommandLine;
using System.Globalization;
using MLClassify.Cli.Naming;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Datasets;

namespace MLClassify.Cli.Commands;

/// <summary><c>data</c>: folders of images. Here, <c>data inspect DATA</c>: what training would make of one.</summary>
internal static class DataCommand
{
    private const int MostGroups = 100;

    public static Command Create(CliContext context)
    {
        var split = new SplitOptions();
        Argument<string> data = OptionFactory.Argument("DATA", "A folder with one subfolder a class, or with train/ and val/.");
        var inspect = new Command(
            "inspect", "Counts a folder's images by class, opens each, names the files that cannot be used, and warns of problems with the data.");
        inspect.Add(data);
        split.AddTo(inspect, withValidation: true);
        inspect.Add(CommonOptions.Json);
        inspect.SetAction((parsed, cancellationToken) => Task.Run(
            () => Inspect(context, parsed, split, parsed.GetRequiredValue(data), cancellationToken), CancellationToken.None));
        var command = new Command("data", "Folders of images.");
        command.Add(inspect);
        command.Add(DataDownloadCommand.Create(context));
        command.Add(DataUnpackCommand.Create(context));
        return command;
    }

    private static int Inspect(CliContext context, ParseResult parsed, SplitOptions split, string path, CancellationToken cancellationToken)
    {
        bool isJson = parsed.GetValue(CommonOptions.Json);
        ImageFolder folder = split.Open(parsed, path);
        bool isSplit = split.IsGiven(parsed);
        DataSelection selection = split.Bind(parsed, path);
        ImageGroups groups = selection.Grouped(folder, cancellationToken);
        (ImageDataset train, ImageDataset? validation) = isSplit || folder.HasPredefinedSplit ? selection.Apply(folder, groups.Images) : (groups.Images, null);
        List<(string Name, ImageDataset Images)> parts = isSplit && validation is not null ? [("train", train), ("val", validation)] : Parts(folder);
        IReadOnlyList<SkippedFile> unreadable = DecodeCheck.Run(parts.SelectMany(p => p.Images.Samples), cancellationToken);
        NearDuplicates? near = selection.NearDuplicates
            ? groups.Found ?? NearDuplicates.Find(new ImageDataset(folder.ClassNames, parts.SelectMany(part => part.Images.Samples)), cancellationToken: cancellationToken)
            : null;
        InputAudit? input = InputAudit.Of(train, PreprocessingSpec.ImageNet());
        IReadOnlyList<DatasetWarning> audit = DatasetAudit.Run(train, validation, cancellationToken: cancellationToken);
        if (isJson)
        {
            JsonLine.Write(context.Output, new
            {
                Folder = folder.Root,
                Classes = folder.ClassNames,
                Parts = parts.Select(p => new { p.Name, Images = p.Images.Count, PerClass = p.Images.CountPerClass() }),
                Ignored = folder.Ignored,
                Unreadable = unreadable,
                Groups = groups.Images.CountGroups().Groups,
                NearDuplicates = near?.Groups.Select(group => group.Select(sample => sample.Path)),
                folder.Warnings,
                Audit = audit,
                Input = input is null ? null : new { input.Images, MedianLost = input.Median, WorstLost = input.Worst, input.WorstPath, input.LargestRatio, input.Warnings },
            });
            return ExitCode.Success;
        }

        Print(context, folder, parts, unreadable);
        PrintGroups(context.Output, groups, near);
        foreach (string line in near is null || parts.Count == 1 ? [] : ImageGroups.Across(near, parts[0].Images, [.. parts.Skip(1).SelectMany(part => part.Images.Samples)]))
        {
            context.Output.WriteLine(line);
        }

        if (input is not null)
        {
            context.Output.WriteLine(DisplayLine.Clean($"as most networks see them: {input}"));
        }

        foreach (string warning in audit.Select(w => w.Message).Concat(input?.Warnings.Select(OptionNames.Translate) ?? []))
        {
            context.Warn(warning);
        }

        return ExitCode.Success;
    }

    private static List<(string Name, ImageDataset Images)> Parts(ImageFolder folder)
    {
        var parts = new List<(string Name, ImageDataset Images)> { (folder.HasPredefinedSplit ? "train" : "all", folder.Dataset) };
        if (folder.Validation is not null)
        {
            parts.Add(("val", folder.Validation));
        }

        if (folder.Test is not null)
        {
            parts.Add(("test", folder.Test));
        }

        return parts;
    }

    private static void Print(CliContext context, ImageFolder folder, List<(string Name, ImageDataset Images)> parts, IReadOnlyList<SkippedFile> unreadable)
    {
        TextWriter output = context.Output;
        output.WriteLine(DisplayLine.Clean(folder.Root));
        foreach ((string name, ImageDataset images) in parts)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {images.Count} images, {images.ClassNames.Count} classes"));
            int[] counts = images.CountPerClass();
            for (int label = 0; label < counts.Length; label++)
            {
                output.WriteLine(DisplayLine.Clean(string.Create(CultureInfo.InvariantCulture, $"{counts[label],8}  {images.ClassNames[label]}")));
            }
        }

        foreach (string warning in folder.Warnings)
        {
            context.Warn(warning);
        }

        PrintFiles(output, "ignored", folder.Ignored);
        PrintFiles(output, "unreadable", unreadable);
        HashSet<string> bad = [.. unreadable.Select(file => file.Path)];
        foreach ((string name, ImageDataset images) in parts)
        {
            foreach (IGrouping<int, ImageSample> own in images.Samples.GroupBy(sample => sample.Label).Where(own => own.All(sample => bad.Contains(sample.Path))))
            {
                context.Warn(DisplayLine.Clean(string.Create(CultureInfo.InvariantCulture, $"{name}: none of the {own.Count()} images of {images.ClassNames[own.Key]} can be read")));
            }
        }
    }

    private static void PrintGroups(TextWriter output, ImageGroups groups, NearDuplicates? near)
    {
        foreach (string line in groups.Lines)
        {
            output.WriteLine(DisplayLine.Clean(line));
        }

        foreach (IReadOnlyList<ImageSample> group in (near?.Groups ?? []).Take(MostGroups))
        {
            output.WriteLine(DisplayLine.Clean($"          same photo: {string.Join(", ", group.Select(sample => sample.Path))}"));
        }

        if (near?.Groups.Count > MostGroups)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"          and {near.Groups.Count - MostGroups} more groups"));
        }
    }

    private static void PrintFiles(TextWriter output, string what, IReadOnlyList<SkippedFile> files)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {files.Count} files"));
        foreach (SkippedFile file in files)
        {
            output.WriteLine(DisplayLine.Clean($"          {file.Path}: {file.Reason}"));
        }
    }
}

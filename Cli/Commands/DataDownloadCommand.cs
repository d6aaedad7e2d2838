using System.CommandLine;
using System.Globalization;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Common;
using MLClassify.Datasets;

namespace MLClassify.Cli.Commands;

/// <summary><c>data download NAME</c>: fetches a published dataset and makes a folder of it.</summary>
internal sealed class DataDownloadCommand
{
    private readonly CliContext _context;
    private readonly Argument<string> _name;
    private readonly Option<string?> _out = OptionFactory.Text("--out", "DIR", "The folder. Default data/NAME.");
    private readonly Option<string?> _mirror = OptionFactory.Text(
        "--mirror", "URL", $"Fetch NAME/FILE from this folder instead of the official addresses. Default: ${DatasetDownloaderOptions.MirrorVariable}.");

    private readonly Option<bool> _any = new("--any-content")
    {
        Description = "Take files whose SHA-256 is not the known one, such as a part of a dataset on a mirror.",
    };

    private readonly Option<bool> _keep = new("--keep") { Description = "Keep the downloaded files once the folder is complete." };

    private DataDownloadCommand(CliContext context)
    {
        _context = context;
        _name = OptionFactory.Argument("NAME", $"Which: {string.Join(", ", context.Catalog.Select(dataset => dataset.Name))}.");
    }

    public static Command Create(CliContext context)
    {
        var download = new DataDownloadCommand(context);
        var command = new Command("download", "Fetches a published dataset, checks it, and makes a folder of it that 'train' reads.");
        command.Add(download._name);
        command.Add(download._out);
        command.Add(download._mirror);
        command.Add(download._any);
        command.Add(download._keep);
        command.Add(CommonOptions.Json);
        command.SetAction(download.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string name = parsed.GetRequiredValue(_name);
        DatasetDefinition dataset = _context.Catalog.FirstOrDefault(d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? DatasetCatalog.Get(name);
        DatasetDownloaderOptions options = _context.Datasets() with { AcceptsOtherContent = parsed.GetValue(_any), KeepsFiles = parsed.GetValue(_keep) };
        if (parsed.GetValue(_mirror) is { } mirror)
        {
            options = options with { Mirror = MirrorAddress.Parse(mirror) };
        }

        bool isJson = parsed.GetValue(CommonOptions.Json);
        string folder = parsed.GetValue(_out) ?? Path.Combine("data", dataset.Name);
        using var downloader = new DatasetDownloader(options);
        DownloadedDataset result = await DownloadView.RunAsync(_context, isJson, progress => downloader.GetAsync(
            dataset, folder, progress, new UnpackView(_context.ProgressWriter(isJson), _context.Time), cancellationToken)).ConfigureAwait(false);
        Tell(dataset, result, folder, isJson);
        return ExitCode.Success;
    }

    private void Tell(DatasetDefinition dataset, DownloadedDataset result, string folder, bool isJson)
    {
        if (isJson)
        {
            JsonLine.Write(_context.Output, new
            {
                Event = result.IsNew ? "fetched" : "cached",
                dataset.Name,
                result.Folder,
                result.Classes,
                result.TrainImages,
                result.TestImages,
                Files = result.Files.Select(file => new { file.Name, Address = file.Address.ToString(), file.Bytes, file.Sha256, Known = file.IsKnown }),
                Licence = dataset.License,
            });
            return;
        }

        string parts = result.TestImages > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{result.TrainImages} training images, {result.TestImages} to test")
            : string.Create(CultureInfo.InvariantCulture, $"{result.TrainImages} images");
        string how = result.IsNew ? "" : " (here already)";
        _context.Output.WriteLine(DisplayLine.Clean(string.Create(CultureInfo.InvariantCulture, $"{dataset.Name}: {result.Folder}: {result.Classes} classes, {parts}{how}")));
        foreach (ReceivedFile file in result.Files.Where(file => !file.IsKnown))
        {
            _context.Warn($"{file.Name} is not the known file: received SHA-256 {file.Sha256}, {file.Bytes} bytes");
        }

        _context.Output.WriteLine(DisplayLine.Clean($"terms of use: {dataset.License} ({dataset.Page})"));
        _context.Output.WriteLine(DisplayLine.Clean($"train: {ShellText.Join(["mlclassify", "train", folder])}"));
    }
}

using System.CommandLine;
using System.Globalization;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Datasets;

namespace MLClassify.Cli.Commands;

/// <summary><c>data unpack FOLDER</c>: turns CIFAR's batches and IDX files into a folder of images.</summary>
internal static class DataUnpackCommand
{
    private const string ClassesHelp = "The classes' names in the order of their labels, separated by commas. Default: those of the files; digits for IDX files.";

    public static Command Create(CliContext context)
    {
        Argument<string> data = OptionFactory.Argument("FOLDER", "A folder with CIFAR-10's or CIFAR-100's batches, binary or Python, or with MNIST's IDX files.");
        Option<string?> output = OptionFactory.Text("--out", "DIR", "The folder of images, which must not be there yet.");
        Option<string?> classes = OptionFactory.Text("--classes", "NAME,NAME,...", ClassesHelp);
        output.Required = true;
        var command = new Command("unpack", "Turns batches of CIFAR and IDX files into a folder of images that 'train' reads.");
        command.Add(data);
        command.Add(output);
        command.Add(classes);
        command.Add(CommonOptions.Json);
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                bool isJson = parsed.GetValue(CommonOptions.Json);
                var packed = RawDataset.Open(parsed.GetRequiredValue(data), parsed.GetValue(classes)?.Split(',', StringSplitOptions.TrimEntries));
                UnpackedDataset written = packed.WriteFolder(
                    parsed.GetRequiredValue(output)!, new UnpackView(context.ProgressWriter(isJson), context.Time), cancellationToken);
                Tell(context, written, isJson);
                return ExitCode.Success;
            },
            CancellationToken.None));
        return command;
    }

    private static void Tell(CliContext context, UnpackedDataset written, bool isJson)
    {
        if (isJson)
        {
            JsonLine.Write(context.Output, new { Event = "unpacked", written.Folder, written.Classes, written.TrainImages, written.TestImages });
            return;
        }

        context.Output.WriteLine(DisplayLine.Clean(string.Create(
            CultureInfo.InvariantCulture,
            $"{written.Folder}: {written.Classes} classes, {written.TrainImages} training images, {written.TestImages} to test")));
    }
}

using System.CommandLine;
using MLClassify.Samples.MLNetPipeline;

var data = new Argument<string>("DATA") { Description = "The folder whose subfolders are the classes." };
var trainer = new Option<string>("--trainer") { Description = "fine-tune, alexnet (from scratch) or features (ML.NET's SDCA on them).", DefaultValueFactory = _ => "fine-tune" };
var backbone = new Option<string?>("--backbone") { Description = "The network. Default: resnet50, or the one inside the library." };
var weights = new Option<string?>("--weights") { Description = "pretrained, embedded, none or a file." };
var epochs = new Option<int?>("--epochs") { Description = "Epochs. Default: the trainer's own number." };
var imageSize = new Option<int?>("--image-size") { Description = "The side of the network's input in pixels. Default: its own." };
var images = new Option<int?>("--images-per-class") { Description = "At most N pictures of each class, to try it out. Default all." };
var folds = new Option<int>("--folds") { Description = "Cross-validate with so many folds first. Default 0: no." };
var file = new Option<string>("--out") { Description = "Where the model goes. Default model.zip.", DefaultValueFactory = _ => "model.zip" };
var seed = new Option<int>("--seed") { Description = "Decides all that is left to chance. Default 42.", DefaultValueFactory = _ => 42 };
var threads = new Option<int>("--threads") { Description = "Threads that compute. Default 0: all cores." };
var command = new RootCommand("Image classification in an ML.NET pipeline.") { data, trainer, backbone, weights, epochs, imageSize, images, folds, file, seed, threads };

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    // The first Ctrl-C ends training after its step; the second ends the process.
    e.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};
ParseResult parsed = command.Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"error: {parsed.Errors[0].Message.TrimEnd('.')} (see --help)");
    return 2;
}

command.SetAction(result => PipelineSample.Run(
    new PipelineOptions
    {
        Data = result.GetRequiredValue(data),
        Trainer = result.GetRequiredValue(trainer),
        Backbone = result.GetValue(backbone),
        Weights = result.GetValue(weights),
        Epochs = result.GetValue(epochs),
        ImageSize = result.GetValue(imageSize),
        ImagesPerClass = result.GetValue(images),
        Folds = result.GetValue(folds),
        Out = result.GetRequiredValue(file),
        Seed = result.GetRequiredValue(seed),
        Threads = result.GetValue(threads),
    },
    Console.Out,
    stop.Token));
try
{
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("error: cancelled");
    return 130;
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 2;
}
catch (Exception e) when (e is not (NullReferenceException or IndexOutOfRangeException or InvalidCastException))
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}

using System.CommandLine;
using MLClassify.Samples;
using MLClassify.Samples.MLNetPipeline;

Argument<string> data = Arguments.Path("DATA", "The folder whose subfolders are the classes.");
Option<string?> trainer = Arguments.Text("--trainer", "NAME", "fine-tune, alexnet (from scratch) or features (ML.NET's SDCA on them). Default fine-tune.");
Option<string?> backbone = Arguments.Text("--backbone", "NAME", "The network. Default: resnet50, or the one inside the library.");
Option<string?> weights = Arguments.Text("--weights", "FILE", "pretrained, embedded, none or a file.");
Option<int?> epochs = Arguments.Number<int>("--epochs", "Epochs. Default: the trainer's own number.");
Option<int?> imageSize = Arguments.Number<int>("--image-size", "The side of the network's input in pixels. Default: its own.");
Option<int?> images = Arguments.Number<int>("--images-per-class", "At most N images of each class, to try it out. Default all.");
Option<int?> folds = Arguments.Number<int>("--folds", "Cross-validate with so many folds first. Default 0: no.");
Option<string?> file = Arguments.Text("--out", "FILE", "Where the model goes. Default model.zip.");
Option<int?> seed = Arguments.Number<int>("--seed", "Seed for random operations. Default 42.");
Option<int?> threads = Arguments.Number<int>("--threads", "Threads that compute. Default 0: all cores.");
var command = new RootCommand("Image classification in an ML.NET pipeline.") { data, trainer, backbone, weights, epochs, imageSize, images, folds, file, seed, threads };

Task<int> Run(ParseResult parsed, TextWriter output, CancellationToken stop)
{
    var options = new PipelineOptions
    {
        Data = parsed.GetRequiredValue(data),
        Trainer = parsed.GetValue(trainer) ?? "fine-tune",
        Backbone = parsed.GetValue(backbone),
        Weights = parsed.GetValue(weights),
        Epochs = parsed.GetValue(epochs),
        ImageSize = parsed.GetValue(imageSize),
        ImagesPerClass = parsed.GetValue(images),
        Folds = parsed.GetValue(folds) ?? 0,
        Out = parsed.GetValue(file) ?? "model.zip",
        Seed = parsed.GetValue(seed) ?? 42,
        Threads = parsed.GetValue(threads) ?? 0,
    };
    PipelineSample.Run(options, output, stop);
    return Task.FromResult(0);
}

return await SampleHost.RunAsync(
    args, (words, output, error, stop) => SampleHost.InvokeAsync(command, parsed => Run(parsed, output, stop), words, output, error, stop));

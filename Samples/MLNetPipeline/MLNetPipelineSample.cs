using System.CommandLine;

namespace MLClassify.Samples.MLNetPipeline;

/// <summary>Image classification in an ML.NET pipeline.</summary>
public static class MLNetPipelineSample
{
    /// <summary>Runs the sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="cancellationToken">Cancels training after the current step; the best epoch so far is the model.</param>
    /// <returns>0 done, 1 the work failed, 2 wrong usage, 130 ended early.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var data = Arguments.Path("DATA", "The folder whose subfolders are the classes.");
        var trainer = Arguments.Text("--trainer", "NAME", "fine-tune, alexnet (from scratch) or features (ML.NET's SDCA on them). Default fine-tune.");
        var backbone = Arguments.Text("--backbone", "NAME", "The network. Default: resnet50, or the one inside the library.");
        var weights = Arguments.Text("--weights", "FILE", "pretrained, embedded, none or a file.");
        var epochs = Arguments.Number<int>("--epochs", "Epochs. Default: the trainer's own number.");
        var imageSize = Arguments.Number<int>("--image-size", "The side of the network's input in pixels. Default: its own.");
        var images = Arguments.Number<int>("--images-per-class", "At most N images of each class, to try it out. Default all.");
        var folds = Arguments.Number<int>("--folds", "Cross-validate with so many folds first. Default 0: no.");
        var file = Arguments.Text("--out", "FILE", "Where the model goes. Default model.zip.");
        var seed = Arguments.Number<int>("--seed", "Seed for random operations. Default 42.");
        var threads = Arguments.Number<int>("--threads", "Threads that compute. Default 0: all cores.");
        var command = new RootCommand("Image classification in an ML.NET pipeline.") { data, trainer, backbone, weights, epochs, imageSize, images, folds, file, seed, threads };
        return SampleHost.InvokeAsync(command, TrainAsync, args, output, error, cancellationToken);

        Task<int> TrainAsync(ParseResult parsed)
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
            PipelineSample.Run(options, output, cancellationToken);
            return Task.FromResult(0);
        }
    }
}

using System.CommandLine;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Samples.AlexNetFromScratch;

/// <summary>Trains AlexNet from scratch, and measures it by ten crops as its paper did.</summary>
public static class AlexNetFromScratchSample
{
    /// <summary>Runs the sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="cancellationToken">Cancels training after the current step; the best epoch so far is then evaluated.</param>
    /// <returns>0 done, 1 the work failed, 2 wrong usage, 130 ended early.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var data = Arguments.Path("DATA", "A folder with a subfolder a class, such as flower_photos, or with train/ and val/.");
        var recipe = Arguments.Text("--recipe", "paper|adam", "The paper's SGD with a rate that falls when the error stops falling, or Adam at 0.0002. Default paper.");
        var backbone = Arguments.Text("--backbone", "NAME", "alexnet_half, alexnet or alexnet_paper (227 x 227). Default alexnet_half, which suits a few thousand images.");
        var epochs = Arguments.Number<int>("--epochs", "Epochs at most. Default 90 by the paper's recipe, 10 with Adam.");
        var batchSize = Arguments.Number<int>("--batch-size", "Images per batch. Default 128 by the paper's recipe, 32 with Adam.");
        var rate = Arguments.Number<double>("--lr", "The first learning rate. Default 0.01 by the paper's recipe, 0.0002 with Adam.");
        var every = Arguments.Number<int>("--split-every", "Hold out every N-th file of each class, by name. Default 10, unless the folder says itself.");
        var perClass = Arguments.Number<int>("--images-per-class", "At most N images of each class, to try it out. Default all.");
        var seed = Arguments.Number<long>("--seed", "Seed for random operations. Default 42.");
        var threads = Arguments.Number<int>("--threads", "Threads that compute. Default all cores.");
        var model = Arguments.Text("--model", "FILE", "Where the model goes. Default alexnet.safetensors.");
        var command = new RootCommand("Trains AlexNet (Krizhevsky, Sutskever and Hinton 2012) from scratch.")
        {
            data, recipe, backbone, epochs, batchSize, rate, every, perClass, seed, threads, model,
        };
        return SampleHost.InvokeAsync(command, TrainAsync, args, output, error, cancellationToken);

        async Task<int> TrainAsync(ParseResult parsed)
        {
            string folder = parsed.GetRequiredValue(data);
            Arguments.Require(folder, "flowers");
            ImagePipeline images = ImageClassification.Load(folder);
            images = parsed.GetValue(perClass) is { } some ? images.Take(some) : images;
            images = parsed.GetValue(every) is { } step ? images.HoldOutEveryNth(step) : images.Folder!.HasPredefinedSplit ? images : images.HoldOutEveryNth(10);
            FineTuneOptions options = Options(parsed);

            FineTuneReport.Announce(output, images, options);
            using FineTunedClassifier trained = await images.FineTuneAsync(options, new TrainingPrinter(output), cancellationToken);
            trained.Evaluate().Save(parsed.GetValue(model) ?? "alexnet.safetensors");
            FineTuneReport.Print(output, trained);
            EvaluationResult crops = trained.Training.Evaluate(images.Validation, TestTimeViews.TenCrop, cancellationToken: cancellationToken);
            output.WriteLine(FormattableString.Invariant($"ten crops: {100 * crops.Accuracy:0.0} % ({crops.Correct} of {crops.Images} images)"));
            output.WriteLine($"model: {Path.GetFullPath(parsed.GetValue(model) ?? "alexnet.safetensors")}");
            return trained.Training.IsCanceled ? 130 : 0;
        }

        FineTuneOptions Options(ParseResult parsed)
        {
            string network = parsed.GetValue(backbone) ?? "alexnet_half";
            FineTuneOptions options = (parsed.GetValue(recipe) ?? "paper") switch
            {
                // Refuses networks of other families.
                "paper" => new AlexNetTrainer(new AlexNetOptions { Backbone = network }).Options.ToRecipe(),
                "adam" => new FineTuneOptions
                {
                    Backbone = network,
                    Weights = WeightSelection.None,
                    Epochs = 10,
                    Optimizer = new() { Kind = OptimizerKind.Adam, WeightDecay = 0 },
                    LearningRate = 2e-4,
                    Schedule = new() { Kind = ScheduleKind.Constant },
                },
                string other => throw new ArgumentException($"--recipe: expected paper or adam, got '{other}'"),
            };
            return options with
            {
                Epochs = parsed.GetValue(epochs) ?? options.Epochs,
                BatchSize = parsed.GetValue(batchSize) ?? options.BatchSize,
                LearningRate = parsed.GetValue(rate) ?? options.LearningRate,
                Seed = parsed.GetValue(seed) ?? options.Seed,
                Compute = options.Compute with { Threads = parsed.GetValue(threads) ?? options.Compute.Threads },
            };
        }
    }
}

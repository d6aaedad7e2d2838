using System.CommandLine;
using MLClassify.Reports;
using MLClassify.Trainers;

namespace MLClassify.Samples.HyperparameterStudy;

/// <summary>Studies what learning rate, batch size, dropout and weight decay do to a network for CIFAR-10.</summary>
public static class HyperparameterStudySample
{
    /// <summary>Runs the sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="cancellationToken">Cancels the current trial after its step; the table holds the trials so far.</param>
    /// <returns>0 done, 1 the work failed, 2 wrong usage, 130 ended early.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var data = Arguments.Path("DATA", "The folder of CIFAR-10 with train/ and test/, or another with a subfolder a class.");
        var backbone = Arguments.Text("--backbone", "NAME", "cifar_resnet20, cifar_resnet56 or vgg16_cifar. Default cifar_resnet20.");
        var rates = Arguments.Numbers("--lr", "Learning rates.", 0.1, 0.02);
        var batchSizes = Arguments.Numbers("--batch-size", "Batch sizes.", 64, 128);
        var dropouts = Arguments.Numbers("--dropout", "Shares of dropout before the last layer.", 0, 0.2);
        var decays = Arguments.Numbers("--weight-decay", "Weight decays.", 1e-4, 1e-3);
        var random = Arguments.Number<int>("--random", "Draw N of the combinations at random. Default all of them.");
        var epochs = Arguments.Number<int>("--epochs", "Epochs of each trial. Default 3.");
        var perClass = Arguments.Number<int>("--images-per-class", "At most N images of each class. Default 500.");
        var seed = Arguments.Number<long>("--seed", "Seed for random operations. Default 42.");
        var threads = Arguments.Number<int>("--threads", "Threads that compute. Default all cores.");
        var folder = Arguments.Text("--out", "DIR", "Where the trials' runs, tune.csv and tune.html go. Default runs/study.");
        var command = new RootCommand("Trains a network for 32 x 32 pixels with every combination of settings and ranks them.")
        {
            data, backbone, rates, batchSizes, dropouts, decays, random, epochs, perClass, seed, threads, folder,
        };
        return SampleHost.InvokeAsync(command, StudyAsync, args, output, error, cancellationToken);

        async Task<int> StudyAsync(ParseResult parsed)
        {
            string path = parsed.GetRequiredValue(data);
            Arguments.Require(path, "cifar10");
            FineTuneOptions start = TrainingRecipe.Cifar(parsed.GetValue(backbone) ?? "cifar_resnet20", parsed.GetValue(epochs) ?? 3) with
            {
                Seed = parsed.GetValue(seed) ?? ImagePipeline.DefaultSeed,
                Compute = new() { Threads = parsed.GetValue(threads) ?? 0 },
            };
            SearchSpace space = new SearchSpace()
                .Vary("lr", parsed.GetRequiredValue(rates), (options, value) => options with { LearningRate = value })
                .Vary("batch_size", parsed.GetRequiredValue(batchSizes), (options, value) => options with { BatchSize = value })
                .Vary("dropout", parsed.GetRequiredValue(dropouts), (options, value) => options with { Head = options.Head with { Dropout = value } })
                .Vary("weight_decay", parsed.GetRequiredValue(decays), (options, value) => options with { Optimizer = options.Optimizer with { WeightDecay = value } });
            SearchFolder run;
            var search = new HyperparameterSearch(start, parsed.GetValue(random) is { } count ? space.Draw(count, start.Seed) : space.Grid())
            {
                // Made after the settings have been checked: wrong ones leave no folder.
                Run = run = SearchFolder.Create(parsed.GetValue(folder) ?? Path.Combine("runs", "study"), ExistingRun.Number),
            };

            // What ranks the settings must not be what the chosen one is measured on: the test images stay out of it.
            ImagePipeline images = ImageClassification.Load(path).Take(parsed.GetValue(perClass) ?? 500).Split(0.2, start.Seed);
            output.WriteLine(FormattableString.Invariant(
                $"{start.Backbone}, {search.Trials.Count} trials of {start.Epochs} epochs: {images.Train.Count} training images, {images.Validation.Count} held out"));
            SearchResult result = await search.RunAsync(images.Train, images.Validation, new Printer(output), cancellationToken);

            output.WriteLine();
            output.WriteLine(result.ToTable());
            output.WriteLine($"best: {result.Best?.Trial.ToString() ?? "none"}");
            output.WriteLine($"page: {run.Page}");
            return result.IsCanceled ? 130 : result.Best is null ? 1 : 0;
        }
    }

    private sealed class Printer(TextWriter output) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value)
        {
            if (value.Outcome is { } outcome)
            {
                string result = outcome.Accuracy is { } accuracy ? FormattableString.Invariant($"{100 * accuracy:0.0} %") : outcome.Note;
                output.WriteLine(FormattableString.Invariant($"trial {value.Number}/{value.Count}: {value.Trial}: {result}"));
            }
        }
    }
}

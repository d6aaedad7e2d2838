using System.CommandLine;

namespace MLClassify.Samples.Cifar10;

/// <summary>Trains a network on CIFAR-10 and measures it.</summary>
public static class Cifar10Sample
{
    /// <summary>Runs the sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="cancellationToken">Cancels training after the current step; the best epoch so far is then evaluated.</param>
    /// <returns>0 done, 1 the work failed, 2 wrong usage, 130 ended early.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var data = Arguments.Path("DATA", "The folder with train/ and test/, in each a folder a class.");
        var arguments = new FineTuneArguments("cifar10");
        var command = new RootCommand("Trains a network on CIFAR-10: ten classes, 50,000 images of 32 x 32 pixels to learn, 10,000 to measure.") { data };
        arguments.AddTo(command);
        return SampleHost.InvokeAsync(command, TrainAsync, args, output, error, cancellationToken);

        async Task<int> TrainAsync(ParseResult parsed)
        {
            string folder = parsed.GetRequiredValue(data);
            Arguments.Require(folder, "cifar10");
            ImagePipeline cifar = arguments.Split(parsed, ImageClassification.Load(folder));
            FineTuneOptions options = await arguments.OptionsAsync(parsed, output, "cifar_resnet20", CifarRecipe.Of, cancellationToken);
            string directory = arguments.Out(parsed);

            FineTuneReport.Announce(output, cifar, options);
            using FineTunedClassifier trained = await cifar.FineTuneAsync(options, new TrainingPrinter(output), cancellationToken);
            trained.Evaluate()
                .Save(Path.Combine(directory, "cifar10.safetensors"))
                .WriteReport(Path.Combine(directory, "report.html"), "CIFAR-10");

            FineTuneReport.Print(output, trained);
            output.WriteLine($"model: {Path.Combine(directory, "cifar10.safetensors")}");
            output.WriteLine($"report: {Path.Combine(directory, "report.html")}");
            return trained.Training.IsCanceled ? 130 : 0;
        }
    }
}

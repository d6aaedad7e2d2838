using System.CommandLine;

namespace MLClassify.Samples.Flowers;

/// <summary>Fine-tunes a network on the TensorFlow flowers and measures it.</summary>
public static class FlowersSample
{
    /// <summary>Runs the sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="cancellationToken">Ends training after its step; the best epoch so far is then measured.</param>
    /// <returns>0 done, 1 the work failed, 2 wrong usage, 130 ended early.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var data = Arguments.Path("DATA", "The folder flower_photos, with the folders daisy, dandelion, roses, sunflowers and tulips; or any other with a subfolder a class.");
        var arguments = new FineTuneArguments("flowers");
        var command = new RootCommand("Fine-tunes a network on the TensorFlow flowers: five classes, 3,670 photos.") { data };
        arguments.AddTo(command);
        return SampleHost.InvokeAsync(command, TrainAsync, args, output, error, cancellationToken);

        async Task<int> TrainAsync(ParseResult parsed)
        {
            string folder = parsed.GetRequiredValue(data);
            Arguments.Require(folder, "flowers");
            ImagePipeline flowers = arguments.Split(parsed, ImageClassification.Load(folder));
            FineTuneOptions options = await arguments.OptionsAsync(parsed, output, cancellationToken: cancellationToken);
            string directory = arguments.Out(parsed);

            FineTuneReport.Announce(output, flowers, options);
            using FineTunedClassifier trained = await flowers.FineTuneAsync(options, new TrainingPrinter(output), cancellationToken);
            trained.Evaluate()
                .Save(Path.Combine(directory, "flowers.safetensors"))
                .WriteReport(Path.Combine(directory, "report.html"));

            FineTuneReport.Print(output, trained);
            output.WriteLine($"model: {Path.Combine(directory, "flowers.safetensors")}");
            output.WriteLine($"report: {Path.Combine(directory, "report.html")}");
            return trained.Training.IsCancelled ? 130 : 0;
        }
    }
}

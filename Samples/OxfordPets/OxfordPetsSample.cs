using System.CommandLine;

namespace MLClassify.Samples.OxfordPets;

/// <summary>Fine-tunes a network on the Oxford-IIIT pets and measures it.</summary>
public static class OxfordPetsSample
{
    /// <summary>Runs the sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="cancellationToken">Ends training after its step; the best epoch so far is then measured.</param>
    /// <returns>0 done, 1 the work failed, 2 wrong usage, 130 ended early.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var data = Arguments.Path("DATA", "The folder that mlclassify data download leaves, or images/ and annotations/ as published, or a subfolder a breed.");
        var arguments = new FineTuneArguments("oxford-pets");
        var command = new RootCommand("Fine-tunes a network on the Oxford-IIIT pets: 37 breeds of cats and dogs, about 200 photos each.") { data };
        arguments.AddTo(command);
        return SampleHost.InvokeAsync(command, TrainAsync, args, output, error, cancellationToken);

        async Task<int> TrainAsync(ParseResult parsed)
        {
            string folder = parsed.GetRequiredValue(data);
            Arguments.Require(folder, "oxford-pets");
            (ImagePipeline pets, ImageDataset? test) = PetPictures.Open(folder);
            pets = arguments.Split(parsed, pets);
            test = test is null ? null : arguments.Take(parsed, test);
            FineTuneOptions options = await arguments.OptionsAsync(parsed, output, cancellationToken: cancellationToken);
            string directory = arguments.Out(parsed);

            FineTuneReport.Announce(output, pets, options);
            using FineTunedClassifier trained = await pets.FineTuneAsync(options, new TrainingPrinter(output), cancellationToken);
            trained.Save(Path.Combine(directory, "pets.safetensors"));

            // The held-out pictures chose the epoch; where the authors set others apart, the figure is theirs.
            trained.Evaluate(test ?? pets.Validation, cancellationToken: CancellationToken.None)
                .WriteReport(Path.Combine(directory, "report.html"), "Oxford-IIIT pets");

            FineTuneReport.Print(output, trained);
            output.WriteLine($"measured on {(test is null ? "the held-out pictures" : "the authors' test pictures")}");
            output.WriteLine($"model: {Path.Combine(directory, "pets.safetensors")}");
            output.WriteLine($"report: {Path.Combine(directory, "report.html")}");
            return trained.Training.IsCancelled ? 130 : 0;
        }
    }
}

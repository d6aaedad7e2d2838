using System.CommandLine;
using Microsoft.ML;
using MLClassify.MLNet;
using MLClassify.Samples.OxfordPets;

namespace MLClassify.Samples.MLNetOxfordPets;

/// <summary>Classifies the Oxford-IIIT pets by a trainer of ML.NET's on what a pretrained network sees in them.</summary>
public static class MLNetOxfordPetsSample
{
    /// <summary>Runs the sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="cancellationToken">Cancels the work before training.</param>
    /// <returns>0 done, 1 the work failed, 2 wrong usage, 130 ended early.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var data = Arguments.Path("DATA", "The folder that mlclassify data download leaves, or images/ and annotations/ as published, or a subfolder a breed.");
        var trainer = Arguments.Text("--trainer", "sdca|lbfgs", "ML.NET's trainer. Default sdca.");
        var arguments = new FeatureArguments("oxford-pets");
        var command = new RootCommand("Trains a linear model of ML.NET's on a network's features of the Oxford-IIIT pets.") { data, trainer };
        arguments.AddTo(command);
        return SampleHost.InvokeAsync(command, parsed => Task.Run(() => Train(parsed), CancellationToken.None), args, output, error, cancellationToken);

        int Train(ParseResult parsed)
        {
            string folder = parsed.GetRequiredValue(data);
            Arguments.Require(folder, "oxford-pets");
            var context = new MLContext((int)arguments.Seed(parsed));
            (IDataView train, IDataView test) = Split(context, parsed, folder);

            // The checkpoint keeps the features: the trainer reads its data many times, the network sees each photo once.
            var pipeline = context.Transforms.Conversion.MapValueToKey("Label", "Class")
                .Append(context.Transforms.ExtractImageFeatures(new ExtractImageFeaturesOptions
                {
                    Backbone = arguments.Backbone(parsed),
                    Weights = arguments.Weights(parsed),
                    ImageSize = arguments.ImageSize(parsed),
                    Threads = arguments.Threads(parsed),
                }))
                .AppendCacheCheckpoint(context)
                .Append(Trainer(context, parsed.GetValue(trainer) ?? "sdca"))
                .Append(context.Transforms.Conversion.MapKeyToValue("PredictedClass", "PredictedLabel"));

            cancellationToken.ThrowIfCancellationRequested();
            var model = pipeline.Fit(train);
            string directory = arguments.Out(parsed);
            MLNetReport.Measure(context, model.Transform(test), output, Path.Combine(directory, "report.html"), "Oxford-IIIT pets");
            MLNetReport.SaveAndUse(context, model, train, output, Path.Combine(directory, "pets.zip"));
            return 0;
        }

        // Nothing is chosen while ML.NET's trainer trains: where the authors set images apart to measure on, all others are learned from.
        (IDataView Train, IDataView Test) Split(MLContext context, ParseResult parsed, string folder)
        {
            (ImagePipeline pets, ImageDataset? test) = PetImages.Open(folder);
            pets = arguments.Split(parsed, pets);
            IDataView train = Rows(context, test is null ? [pets.Train] : [pets.Train, pets.Validation]);
            output.WriteLine($"measured on {(test is null ? "the held-out images" : "the authors' test images")}");
            return (train, Rows(context, [test is null ? pets.Validation : arguments.Take(parsed, test)]));
        }
    }

    private static IEstimator<ITransformer> Trainer(MLContext context, string name) => name switch
    {
        "sdca" => context.MulticlassClassification.Trainers.SdcaMaximumEntropy(),
        "lbfgs" => context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(),
        _ => throw new ArgumentException($"--trainer: expected sdca or lbfgs, got '{name}'"),
    };

    // The breeds are read from the files' names or the folders'; the pipeline makes keys of them, as of any other text.
    private static IDataView Rows(MLContext context, IEnumerable<ImageDataset> parts) => context.Data.LoadFromEnumerable(
        parts.SelectMany(images => images.Samples.Select(sample => new Photo { ImagePath = sample.Path, Class = images.ClassNames[sample.Label] })).ToList());
}

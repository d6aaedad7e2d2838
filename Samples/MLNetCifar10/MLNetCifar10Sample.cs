using System.CommandLine;
using Microsoft.ML;
using MLClassify.MLNet;

namespace MLClassify.Samples.MLNetCifar10;

/// <summary>Trains a network on CIFAR-10 in an ML.NET pipeline, or a linear model of ML.NET's on the pixels, to compare with.</summary>
public static class MLNetCifar10Sample
{
    private const int Side = 32;

    /// <summary>Runs the sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="cancellationToken">Cancels training after the current step; the best epoch so far is the model.</param>
    /// <returns>0 done, 1 the work failed, 2 wrong usage, 130 ended early.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var data = Arguments.Path("DATA", "The folder with train/ and test/, in each a folder a class.");
        var pixels = new Option<bool>("--pixels") { Description = "Train a linear model of ML.NET's on the normalized pixels instead of a network." };
        var arguments = new FineTuneArguments("cifar10", hasSplit: false);
        var command = new RootCommand("Trains a network on CIFAR-10 in an ML.NET pipeline.") { data, pixels };
        arguments.AddTo(command);
        return SampleHost.InvokeAsync(command, TrainAsync, args, output, error, cancellationToken);

        async Task<int> TrainAsync(ParseResult parsed)
        {
            string folder = parsed.GetRequiredValue(data);
            Arguments.Require(folder, "cifar10");
            var context = new MLContext((int)arguments.Seed(parsed));
            IDataView train = Load(context, parsed, folder, ImageFolderPart.Train);
            IDataView test = Load(context, parsed, folder, ImageFolderPart.Test);
            IEstimator<ITransformer> classifier = await ClassifierAsync(context, parsed);
            var pipeline = classifier.Append(context.Transforms.Conversion.MapKeyToValue("PredictedClass", "PredictedLabel"));

            var model = pipeline.Fit(train);
            string directory = arguments.Out(parsed);
            MLNetReport.Measure(context, model.Transform(test), output, Path.Combine(directory, "report.html"), "CIFAR-10");
            MLNetReport.SaveAndUse(context, model, train, output, Path.Combine(directory, "cifar10.zip"));
            return cancellationToken.IsCancellationRequested ? 130 : 0;
        }

        async Task<IEstimator<ITransformer>> ClassifierAsync(MLContext context, ParseResult parsed)
        {
            if (parsed.GetValue(pixels))
            {
                // 3,072 numbers an image, kept: 600 MB of all 50,000.
                var ownSize = PreprocessingSpec.ForInput(Side, resizeRatio: 1);
                return context.Transforms.NormalizeImageNet(new NormalizeImageNetOptions { OutputColumnName = "Features", Preprocessing = ownSize })
                    .AppendCacheCheckpoint(context)
                    .Append(context.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
            }

            FineTuneOptions training = await arguments.OptionsAsync(parsed, output, "cifar_resnet20", CifarRecipe.Of, cancellationToken);
            output.WriteLine(FineTuneReport.Describe(training));
            return context.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationOptions
            {
                Training = training,
                Progress = new TrainingPrinter(output),
                CancellationToken = cancellationToken,
            });
        }

        IDataView Load(MLContext context, ParseResult parsed, string folder, ImageFolderPart part)
        {
            ImageFolder images = ImageFolder.Open(folder);
            IDataView all = context.Data.LoadImageFolder(folder, new ImageFolderLoaderOptions { Part = part });
            ImageDataset? own = part == ImageFolderPart.Test ? images.Test : images.Dataset;
            return PhotoRows.Only(context, all, arguments.Take(parsed, own!));
        }
    }
}

using System.CommandLine;
using Microsoft.ML;
using MLClassify.MLNet;

namespace MLClassify.Samples.MLNetFlowers;

/// <summary>Trains a classifier of the TensorFlow flowers by ML.NET's own calls: load, split, fit, evaluate, save, load, predict.</summary>
public static class MLNetFlowersSample
{
    /// <summary>Runs the sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="cancellationToken">Cancels training after the current step; the best epoch so far is the model.</param>
    /// <returns>0 done, 1 the work failed, 2 wrong usage, 130 ended early.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var data = Arguments.Path("DATA", "The folder flower_photos, with the folders daisy, dandelion, roses, sunflowers and tulips; or any other with a subfolder a class.");
        var trainer = Arguments.Text("--trainer", "fine-tune|alexnet", "A pretrained network, or AlexNet from scratch. Default fine-tune.");
        var folds = Arguments.Number<int>("--folds", "Cross-validate with so many folds first. Default 0: no.");
        var arguments = new FineTuneArguments("flowers");
        var command = new RootCommand("Fine-tunes a network on the TensorFlow flowers in an ML.NET pipeline.") { data, trainer, folds };
        arguments.AddTo(command);
        return SampleHost.InvokeAsync(command, TrainAsync, args, output, error, cancellationToken);

        async Task<int> TrainAsync(ParseResult parsed)
        {
            string folder = parsed.GetRequiredValue(data);
            Arguments.Require(folder, "flowers");
            var context = new MLContext((int)arguments.Seed(parsed));
            IDataView photos = context.Data.LoadImageFolder(folder);
            ImageDataset images = arguments.Take(parsed, ImageFolder.Open(folder).Dataset);
            photos = PhotoRows.Only(context, photos, images);
            (IDataView train, IDataView test) = arguments.Every(parsed) is { } every
                ? HoldOutEveryNth(context, photos, images, every)
                : context.Data.StratifiedSplit(photos, arguments.Share(parsed));

            IEstimator<ITransformer> classifier = await ClassifierAsync(context, parsed);
            var pipeline = classifier.Append(context.Transforms.Conversion.MapKeyToValue("PredictedClass", "PredictedLabel"));
            if (parsed.GetValue(folds) is { } count and > 0)
            {
                CrossValidate(context, train, pipeline, count);
            }

            var model = pipeline.Fit(train);
            string directory = arguments.Out(parsed);
            MLNetReport.Measure(context, model.Transform(test), output, Path.Combine(directory, "report.html"), "flowers");
            MLNetReport.SaveAndUse(context, model, photos, output, Path.Combine(directory, "flowers.zip"));
            return cancellationToken.IsCancellationRequested ? 130 : 0;
        }

        async Task<IEstimator<ITransformer>> ClassifierAsync(MLContext context, ParseResult parsed)
        {
            switch (parsed.GetValue(trainer) ?? "fine-tune")
            {
                case "fine-tune":
                    FineTuneOptions training = await arguments.OptionsAsync(parsed, output, cancellationToken: cancellationToken);
                    output.WriteLine(FineTuneReport.Describe(training));
                    return context.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationOptions
                    {
                        Training = training,
                        Progress = new TrainingPrinter(output),
                        CancellationToken = cancellationToken,
                    });
                case "alexnet":
                    var alexNet = new AlexNetOptions
                    {
                        Backbone = arguments.Backbone(parsed) ?? "alexnet_half",
                        Epochs = arguments.Epochs(parsed) ?? 10,
                        BatchSize = 32,
                        Seed = arguments.Seed(parsed),
                        Threads = arguments.Threads(parsed),
                    };
                    output.WriteLine($"{alexNet.Backbone}, all of it, from scratch");
                    return context.MulticlassClassification.Trainers.AlexNetFromScratch(new AlexNetFromScratchOptions
                    {
                        Training = alexNet,
                        Progress = new TrainingPrinter(output),
                        CancellationToken = cancellationToken,
                    });
                case var other:
                    throw new ArgumentException($"--trainer: expected fine-tune or alexnet, got '{other}'");
            }
        }

        void CrossValidate(MLContext context, IDataView train, IEstimator<ITransformer> pipeline, int count)
        {
            foreach (var fold in context.MulticlassClassification.CrossValidate(train, pipeline, count))
            {
                output.WriteLine(FormattableString.Invariant($"fold {fold.Fold}: micro accuracy {fold.Metrics.MicroAccuracy:0.000}, log loss {fold.Metrics.LogLoss:0.000}"));
                (fold.Model as IDisposable)?.Dispose();
            }
        }
    }

    private static (IDataView Train, IDataView Test) HoldOutEveryNth(MLContext context, IDataView photos, ImageDataset images, int every)
    {
        (ImageDataset learned, ImageDataset heldOut) = images.HoldOutEveryNth(every);
        return (PhotoRows.Only(context, photos, learned), PhotoRows.Only(context, photos, heldOut));
    }
}

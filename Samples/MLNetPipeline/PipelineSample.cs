using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.MLNet;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Samples.MLNetPipeline;

/// <summary>Trains, measures, saves, loads and predicts, all by ML.NET's own calls.</summary>
internal static class PipelineSample
{
    // The share of the images that the figures are measured on.
    private const double TestFraction = 0.2;

    /// <summary>Does it.</summary>
    /// <param name="options">What the command line says.</param>
    /// <param name="output">Where the figures go.</param>
    /// <param name="cancellationToken">Cancels training; the best epoch so far is the model.</param>
    public static void Run(PipelineOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var context = new MLContext(options.Seed);
        List<Photo> photos = List(context, options);
        IDataView data = context.Data.LoadFromEnumerable(photos);
        var progress = new EpochPrinter(output);
        var pipeline = context.Transforms.Conversion.MapValueToKey("Label", nameof(Photo.Class))
            .Append(Classifier(context, options, progress, cancellationToken))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedClass", "PredictedLabel"));

        if (options.Folds > 0)
        {
            foreach (var fold in context.MulticlassClassification.CrossValidate(data, pipeline, options.Folds, seed: options.Seed))
            {
                output.WriteLine(FormattableString.Invariant($"fold {fold.Fold}: accuracy {fold.Metrics.MicroAccuracy:0.000}, log loss {fold.Metrics.LogLoss:0.000}"));
                (fold.Model as IDisposable)?.Dispose();
            }
        }

        DataOperationsCatalog.TrainTestData parts = context.Data.TrainTestSplit(data, TestFraction, seed: options.Seed);
        var model = pipeline.Fit(parts.TrainSet);
        MulticlassClassificationMetrics metrics = context.MulticlassClassification.Evaluate(model.Transform(parts.TestSet));
        output.WriteLine(FormattableString.Invariant(
            $"accuracy {metrics.MicroAccuracy:0.000}, mean of the classes {metrics.MacroAccuracy:0.000}, log loss {metrics.LogLoss:0.000}"));
        output.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
        context.Model.Save(model, data.Schema, options.Out);
        (model as IDisposable)?.Dispose();
        PredictWithSaved(options.Out, photos[0].ImagePath, output);
    }

    /// <summary>What another program does with the file.</summary>
    private static void PredictWithSaved(string model, string photo, TextWriter output)
    {
        MLContext context = new MLContext();
        ITransformer loaded = context.Model.Load(model, out _);

        // The engine disposes the model.
        using PredictionEngine<Photo, Answer> engine = context.Model.CreatePredictionEngine<Photo, Answer>(loaded);
        Answer answer = engine.Predict(new Photo { ImagePath = photo });
        output.WriteLine(FormattableString.Invariant($"{model} says of {Path.GetFileName(photo)}: {answer.PredictedClass} {100 * answer.Score.Max():0.0} %"));
    }

    private static IEstimator<ITransformer> Classifier(
        MLContext context, PipelineOptions options, IProgress<TrainingProgress> progress, CancellationToken cancellationToken) => options.Trainer switch
        {
            "fine-tune" => context.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationOptions
            {
                Training = Training(options),
                Progress = progress,
                CancellationToken = cancellationToken,
            }),
            "alexnet" => context.MulticlassClassification.Trainers.AlexNetFromScratch(new AlexNetFromScratchOptions
            {
                Training = new AlexNetOptions
                {
                    Backbone = options.Backbone ?? "alexnet_half",
                    Epochs = options.Epochs ?? 10,
                    BatchSize = 32,
                    Seed = options.Seed,
                    Threads = options.Threads,
                },
                Progress = progress,
                CancellationToken = cancellationToken,
            }),
            "features" => context
                .Transforms.ExtractImageFeatures(new ExtractImageFeaturesOptions
                {
                    Backbone = options.Backbone,
                    Weights = options.Weights,
                    ImageSize = options.ImageSize,
                    Threads = options.Threads,
                })
                .AppendCacheCheckpoint(context)
                .Append(context.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: options.Epochs)),
            _ => throw new ArgumentException($"--trainer: expected fine-tune, alexnet or features, got '{options.Trainer}'"),
        };

    private static FineTuneOptions? Training(PipelineOptions options) => options.Backbone is null && options.Weights is null && options.Epochs is null
        ? null
        : new FineTuneOptions
        {
            Backbone = options.Backbone,
            Weights = options.Weights,
            Epochs = options.Epochs,
            Input = new() { ImageSize = options.ImageSize },
            Seed = options.Seed,
            Compute = new() { Threads = options.Threads },
        };

    // Paths and the names of their classes; the pipeline makes keys of these, as it would of any other data.
    private static List<Photo> List(MLContext context, PipelineOptions options)
    {
        IDataView folder = context.Data.LoadImageFolder(options.Data);
        VBuffer<ReadOnlyMemory<char>> names = default;
        folder.Schema["Label"].GetKeyValues(ref names);
        return
        [
            .. folder.GetColumn<string>("ImagePath").Zip(folder.GetColumn<uint>("Label"))
                .GroupBy(row => row.Second)
                .SelectMany(rows => rows.Take(options.ImagesPerClass ?? int.MaxValue))
                .Select(row => new Photo { ImagePath = row.First, Class = names.GetItemOrDefault((int)row.Second - 1).ToString() }),
        ];
    }

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";

        public string Class { get; set; } = "";
    }

    private sealed class Answer
    {
        public string PredictedClass { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    private sealed class EpochPrinter(TextWriter output) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Completed is { } epoch)
            {
                output.WriteLine(FormattableString.Invariant(
                    $"epoch {epoch.Epoch}/{value.Epochs}  loss {epoch.TrainLoss:0.0000}  held out {100 * epoch.ValAccuracy:0.0} %{(value.IsBest ? " *" : "")}"));
            }
        }
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLClassify.MLNet.Vision;
using MLClassify.WeightFiles.Pretrained;
using Dataset = MLClassify.MLNet.Vision.ImageClassificationTrainer.ImageClassificationMetrics.Dataset;

namespace MLClassify.MLNet.Tests;

/// <summary>Programs for Microsoft.ML.Vision, with another using. Without a connection the network inside the library is trained.</summary>
public sealed class VisionTests(TrainedColors colors) : IClassFixture<TrainedColors>
{
    private static readonly string[] Names = ["blue", "green", "red"];

    // As Microsoft's tutorial shows them: https://learn.microsoft.com/dotnet/machine-learning/tutorials/image-classification-api-transfer-learning
    [Fact]
    public void Metrics_AsText_AreTheLinesOfMLNetsTrainer()
    {
        var features = new ImageClassificationTrainer.BottleneckMetrics { Index = 279 };
        var epoch = new ImageClassificationTrainer.TrainMetrics
        {
            DatasetUsed = ImageClassificationTrainer.ImageClassificationMetrics.Dataset.Validation,
            BatchProcessedCount = 6,
            Epoch = 21,
            Accuracy = 0.6797619f,
            CrossEntropy = 0.5f,
        };

        Assert.Equal("Phase: Bottleneck Computation, Dataset used:      Train, Image Index: 279", features.ToString());
        Assert.StartsWith("Phase: Training, Dataset used: Validation, Batch Processed Count:   6, Epoch:  21, Accuracy:  0.6797619", epoch.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_OptionsAndCallback_TrainsTheLastLayerAndTellsEveryEpoch()
    {
        using var offline = new Offline();
        var context = new MLContext(seed: 1);
        var log = new List<string>();
        context.Log += (_, e) => log.Add(e.Message);
        IDataView data = Bytes(context);
        var seen = new List<ImageClassificationTrainer.ImageClassificationMetrics>();
        var options = new ImageClassificationTrainer.Options()
        {
            FeatureColumnName = "Image",
            LabelColumnName = "Label",
            Arch = ImageClassificationTrainer.Architecture.InceptionV3,
            Epoch = 4,
            BatchSize = 8,
            LearningRate = 0.01f,
            MetricsCallback = metric => seen.Add(metric),
            ValidationSet = data,
            WorkspacePath = offline.Workspace,
        };

        using var model = context.MulticlassClassification.Trainers.ImageClassification(options)
            .Append(context.Transforms.Conversion.MapKeyToValue("Class", "PredictedLabel")).Fit(data);

        ImageClassificationTrainer.ImageClassificationMetrics[] epochs = [.. seen.Where(metric => metric.Train is not null)];
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], epochs.Select(metric => metric.Train!.Epoch));
        Assert.Equal([Dataset.Train, Dataset.Validation], epochs[..2].Select(metric => metric.Train!.DatasetUsed));
        Assert.Equal(30, seen.Count(metric => metric.Bottleneck is { DatasetUsed: Dataset.Train }));
        Assert.Equal(30, seen.Count(metric => metric.Bottleneck is { DatasetUsed: Dataset.Validation }));
        Assert.All(seen, metric => Assert.NotEmpty(metric.ToString()));
        Assert.Contains(log, message => message.Contains("InceptionV3 is none of MLClassify's networks", StringComparison.Ordinal));
        Assert.Contains(log, message => message.Contains("densenet121 cannot be had", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(offline.Workspace, "custom_retrained_model_based_on_densenet121", "report.html")));
        Assert.True(context.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy > 0.9);
    }

    [Fact]
    public void Fit_EarlyStopping_EndsBeforeTheLastEpoch()
    {
        using var offline = new Offline();
        var context = new MLContext(seed: 1);
        IDataView data = Bytes(context);
        int last = 0;
        var options = new ImageClassificationTrainer.Options
        {
            FeatureColumnName = "Image",
            EarlyStoppingCriteria = new ImageClassificationTrainer.EarlyStopping(minDelta: 0.5f, patience: 2),
            Epoch = 50,
            TestOnTrainSet = false,
            MetricsCallback = metric => last = metric.Train?.Epoch ?? last,
        };
        using ImageClassifierTransformer model = context.MulticlassClassification.Trainers.ImageClassification(options).Fit(data);
        Assert.InRange(last, 1, 10);
    }

    [Fact]
    public void ImageClassification_NamedColumns_DescribesWhatItAdds()
    {
        var context = new MLContext();
        SchemaShape schema = context.MulticlassClassification.Trainers
            .ImageClassification(labelColumnName: "Label", featureColumnName: "Image", scoreColumnName: "Chances", predictedLabelColumnName: "Guess")
            .GetOutputSchema(SchemaShapeOf(Bytes(context)));
        Assert.Contains(schema, column => column.Name == "Chances");
        Assert.Contains(schema, column => column.Name == "Guess" && column.IsKey);
    }

    [Theory]
    [InlineData(0, 1, 0.01f)]
    [InlineData(10, 0, 0.01f)]
    [InlineData(10, 1, 0f)]
    public void ImageClassification_OptionOutOfRange_Throws(int batch, int epochs, float rate) => Assert.ThrowsAny<ArgumentException>(
        () => new MLContext().MulticlassClassification.Trainers.ImageClassification(
            new ImageClassificationTrainer.Options { BatchSize = batch, Epoch = epochs, LearningRate = rate }));

    // The schedulers are ML.NET's: by their documented rules, the rate of the last step of some epochs.
    [Fact]
    public void Schedule_OfMLNets_GivesItsRates()
    {
        var options = new FineTuneOptions { Epochs = 6, BatchSize = 10, LearningRate = 0.01 };
        double Rate(LearningRateScheduler scheduler, int epoch, int step) => 0.01 * new GivenSchedule(scheduler, options).At((epoch * 5) + step, 6 * 5).RateFactor;

        Assert.Equal(0.01, Rate(new ExponentialLRDecay(), 1, 4), 1e-8);
        Assert.Equal(0.01 * 0.94, Rate(new ExponentialLRDecay(), 2, 0), 1e-8);
        Assert.Equal(0.01 * 0.94 * 0.94, Rate(new ExponentialLRDecay(), 5, 4), 1e-8);
        Assert.Equal(0.01, Rate(new PolynomialLRDecay(), 0, 0), 1e-8);
        Assert.Equal(0.0001 + (0.0099 / 2), Rate(new PolynomialLRDecay(), 1, 0), 1e-8);
        Assert.Equal(0.0001, Rate(new PolynomialLRDecay(), 4, 0), 1e-8);
        Assert.Equal(0.1 * 10 / 128, Rate(new LsrDecay(), 3, 0), 1e-8);
    }

    [Fact]
    public void EarlyStopping_Loss_WaitsForAFall()
    {
        var rule = new ImageClassificationTrainer.EarlyStopping(patience: 2, metric: ImageClassificationTrainer.EarlyStoppingMetric.Loss);
        bool[] stops = [.. new[] { 1f, 0.5f, 0.495f, 0.4f, 0.4f, 0.395f }.Select(loss => rule.ShouldStop(new ImageClassificationTrainer.TrainMetrics { CrossEntropy = loss }))];
        Assert.Equal([false, false, false, false, false, true], stops);
        Assert.False(rule.CheckIncreasing);
    }

    private static SchemaShape SchemaShapeOf(IDataView data) => MLNetInternals.ShapeOf(data.Schema);

    private IDataView Bytes(MLContext context)
    {
        IDataView rows = colors.Rows(context);
        IDataView keyed = context.Transforms.Conversion.MapValueToKey("Label", "Class").Fit(rows).Transform(rows);
        Assert.Equal(Names, keyed.GetColumn<string>("Class").Distinct().Order(StringComparer.Ordinal));
        return keyed;
    }

    /// <summary>No weights, no connection: for as long as it lives, in this process.</summary>
    private sealed class Offline : IDisposable
    {
        private readonly Testing.TemporaryFolder _home = new();
        private readonly (string Name, string? Value)[] _before = [.. new[] { "MLCLASSIFY_HOME", WeightsCacheOptions.OfflineVariable }.Select(name => (name, Environment.GetEnvironmentVariable(name)))];

        public Offline()
        {
            Environment.SetEnvironmentVariable("MLCLASSIFY_HOME", _home.Root);
            Environment.SetEnvironmentVariable(WeightsCacheOptions.OfflineVariable, "1");
        }

        public string Workspace => _home["workspace"];

        public void Dispose()
        {
            foreach ((string name, string? value) in _before)
            {
                Environment.SetEnvironmentVariable(name, value);
            }

            _home.Dispose();
        }
    }
}

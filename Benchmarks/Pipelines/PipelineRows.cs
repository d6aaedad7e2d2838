using Microsoft.ML;
using Microsoft.ML.Transforms.Image;
using MLClassify.MLNet;
using MLClassify.WeightFiles.Pretrained;
using LinearModel = Microsoft.ML.Data.EstimatorChain<Microsoft.ML.Data.MulticlassPredictionTransformer<Microsoft.ML.Trainers.MaximumEntropyModelParameters>>;

namespace MLClassify.Benchmarks.Pipelines;

/// <summary>The pipelines: Microsoft's featurizer, the same weights here, and what this library does otherwise.</summary>
internal static class PipelineRows
{
    private const string Package = "Microsoft.ML.DnnImageFeaturizer.ResNet18";
    private const int Side = 224;

    // As ML.NET's documentation does it. Fill stretches, which is what the featurizer's own preprocessing expects to have been done.
    private static readonly Func<MLContext, IEstimator<ITransformer>> PeerFeatures = context => context.Transforms.LoadImages("Image", imageFolder: "", "ImagePath")
        .Append(context.Transforms.ResizeImages("Image", Side, Side, resizing: ImageResizingEstimator.ResizingKind.Fill))
        .Append(context.Transforms.ExtractPixels("Pixels", "Image"))
        .Append(context.Transforms.DnnFeaturizeImage("Features", model => model.ModelSelector.ResNet18(context, model.OutputColumn, model.InputColumn), "Pixels"));

    /// <summary>All, in the table's order.</summary>
    public static IReadOnlyList<PipelineRow> All { get; } =
    [
        new("microsoft-resnet18", "Microsoft's DnnFeaturizeImage ResNet-18, L-BFGS", (context, _) => WithLbfgs(context, PeerFeatures(context))),
        new("resnet18", "ours, the same ResNet-18 weights and stretch, L-BFGS", (context, settings) => OnFeatures(context, settings, null, WeightSelection.Package(Package))),
        new("mobilenet", "ours, MobileNetV2's features, L-BFGS", (context, settings) => OnFeatures(context, settings, "mobilenet_v2", MobileNet(settings))),
        new("mobilenet-head", "ours, MobileNetV2's head, solved", (context, settings) => FineTuned(context, Head(settings, "mobilenet_v2", MobileNet(settings)))),
        new("embedded", "ours, the embedded network's features, L-BFGS", (context, settings) => OnFeatures(context, settings, Embedded, WeightSelection.Embedded)),
        new("embedded-head", "ours, the embedded network's head, solved", (context, settings) => FineTuned(context, Head(settings, Embedded, WeightSelection.Embedded))),
        new("mobilenet-whole", "ours, MobileNetV2 fine-tuned whole", (context, settings) => FineTuned(context, Whole(settings, "mobilenet_v2", MobileNet(settings)))),
        new("resnet18-whole", "ours, ResNet-18 (the package's weights) fine-tuned whole", (context, settings) => FineTuned(context, Whole(settings, null, WeightSelection.Package(Package)))),
    ];

    private static string Embedded => EmbeddedBackbone.Current.Network;

    private static WeightSelection MobileNet(PipelineSettings settings) => WeightSelection.File(settings.MobileNet);

    private static LinearModel OnFeatures(MLContext context, PipelineSettings settings, string? backbone, WeightSelection weights) =>
        WithLbfgs(context, context.Transforms.ExtractImageFeatures(new ExtractImageFeaturesOptions { Backbone = backbone, Weights = weights, Threads = settings.Threads }));

    private static LinearModel WithLbfgs(MLContext context, IEstimator<ITransformer> features) => features
        .AppendCacheCheckpoint(context)
        .Append(context.MulticlassClassification.Trainers.LbfgsMaximumEntropy());

    private static IEstimator<ITransformer> FineTuned(MLContext context, FineTuneOptions training) =>
        context.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationOptions { Training = training });

    private static FineTuneOptions Head(PipelineSettings settings, string backbone, WeightSelection weights) =>
        new() { Backbone = backbone, Weights = weights, Compute = new() { Threads = settings.Threads } };

    // What docs/engine.md has figures for.
    private static FineTuneOptions Whole(PipelineSettings settings, string? backbone, WeightSelection weights) => new()
    {
        Backbone = backbone,
        Weights = weights,
        TrainableLayers = TrainableLayers.All,
        Epochs = settings.Epochs,
        LearningRate = 0.01,
        Optimizer = new() { Kind = OptimizerKind.Sgd, BackboneLearningRate = 0.002 },
        Schedule = new() { Kind = ScheduleKind.OneCycle },
        Compute = new() { Threads = settings.Threads },
    };
}

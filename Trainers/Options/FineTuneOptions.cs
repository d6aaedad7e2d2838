using System.Text.Json.Serialization;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <summary>
/// The settings of a training run: the same options and the same data give the same bytes. Settings that are null are chosen by
/// <see cref="FineTuneTrainer"/>; <see cref="Resolve"/> shows the values chosen. What most runs set is here, the rest in groups:
/// <c>new FineTuneOptions { Epochs = 20, Optimizer = new() { Kind = OptimizerKind.AdamW } }</c>.
/// </summary>
[JsonConverter(typeof(FineTuneOptionsConverter))]
public sealed partial record FineTuneOptions
{
    /// <summary>
    /// The network's name in the registry. Default null: the network that <see cref="Weights"/> belong to, and where these are not set
    /// either, <c>resnet50</c> with its published weights where they are here or can be fetched, else Microsoft's ResNet-18
    /// package where it is here or NuGet can restore it, else the embedded network.
    /// </summary>
    public string? Backbone { get; init; }

    /// <summary>
    /// What training starts from: published weights, which are fetched where they are not on this machine, the embedded ones, a file, or
    /// <see cref="WeightSelection.None"/> for random initialization. A text is read as <see cref="WeightSelection.Parse"/> does. Default
    /// <see cref="WeightSelection.Auto"/>: published weights, or a NuGet package's, or the embedded network's. Random initialization must be asked for.
    /// </summary>
    public WeightSelection Weights { get; init; } = WeightSelection.Auto;

    /// <summary>
    /// A model to start from in place of <see cref="Backbone"/> and <see cref="Weights"/>: an ONNX file, or a model file of this program. Its
    /// last layer is replaced by a linear one for the classes, and its preprocessing is kept. Default null.
    /// </summary>
    public string? InitialModel { get; init; }

    /// <summary>
    /// Whether the model of <see cref="InitialModel"/> keeps all its classes and is extended by the images' other classes. Default false:
    /// its classes are replaced by those of the images, and the rows of classes with the same name are kept.
    /// </summary>
    public bool ExtendClasses { get; init; }

    /// <summary>Which layers are trained. Default: all of a network that starts from random initialization, else the head.</summary>
    public TrainableLayers? TrainableLayers { get; init; }

    /// <summary>
    /// Number of epochs. Default 30 for the head alone where it is trained in steps, else 10; 1 to 100,000. A head that is solved counts as
    /// one.
    /// </summary>
    public int? Epochs { get; init; }

    /// <summary>Images per batch; the last batch of an epoch may be smaller. Default 32; 1 to 65,536.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// Whether the batch is the largest power of two up to 256 that fits into the device's memory, in place of <see cref="BatchSize"/>. Found once, when a
    /// run begins; a run that is resumed keeps it. The rates stay as they are. For the head alone it has no effect. Default false.
    /// </summary>
    public bool FindBatchSize { get; init; }

    /// <summary>The head's learning rate. Default 0.01 for SGD, 0.001 for Adam and AdamW, none for L-BFGS; above 0, at most 1,000.</summary>
    public double? LearningRate { get; init; }

    /// <summary>
    /// Early stopping: stop after this many epochs without improvement on the validation set. Default 0: no early stopping; at least 0.
    /// </summary>
    public int Patience { get; init; }

    /// <summary>
    /// By which figure of the validation images the best epoch is chosen. Default null: <see cref="MonitoredMetric.Balanced"/> where
    /// <see cref="ClassBalance"/> asks for class weights or balanced sampling, else <see cref="MonitoredMetric.Accuracy"/>. A head that is
    /// solved has no epochs to choose from.
    /// </summary>
    public MonitoredMetric? Monitor { get; init; }

    /// <summary>
    /// The augmentation of training images. A text is read as <see cref="AugmentationPolicy.Parse"/> does. Default null:
    /// <see cref="AugmentationPolicy.Standard"/> where everything is trained; the head alone is trained on the features of the center crop,
    /// whatever this says.
    /// </summary>
    public AugmentationPolicy? Augmentation { get; init; }

    /// <summary>
    /// Whether images are mirrored where <see cref="Augmentation"/> mirrors. Default null: <see cref="Mirroring.On"/> where
    /// <see cref="Augmentation"/> is given, else <see cref="Mirroring.Measured"/>. Without effect where the head alone is trained.
    /// </summary>
    public Mirroring? Mirroring { get; init; }

    /// <summary>Seed for random operations. Default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>The head (classifier) that follows the backbone's features.</summary>
    public HeadOptions Head { get; init; } = new();

    /// <summary>How a step changes the weights: the rule, further rates, decay, accumulation and averaging.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>The learning rate over time.</summary>
    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>What of the backbone stays as it is, and how long.</summary>
    public FreezingOptions Freezing { get; init; } = new();

    /// <summary>What is against overfitting, beside augmentation, weight decay and dropout.</summary>
    public RegularizationOptions Regularization { get; init; } = new();

    /// <summary>How much the images of each class count.</summary>
    public ClassBalanceOptions ClassBalance { get; init; } = new();

    /// <summary>What the network sees of an image.</summary>
    public InputOptions Input { get; init; } = new();

    /// <summary>What computes. No result depends on it.</summary>
    public ComputeOptions Compute { get; init; } = new();
}

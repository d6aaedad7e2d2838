using System.Text.Json.Serialization;
using MLClassify.Networks;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <summary>
/// The settings of a training run: the same options and the same data give the same bytes. Settings that are null are chosen by
/// <see cref="FineTuneTrainer"/>; <see cref="Resolve"/> shows the values chosen.
/// </summary>
public sealed partial record FineTuneOptions
{
    /// <summary>The network's name in the registry. Default <c>resnet50</c>.</summary>
    public string Backbone { get; init; } = "resnet50";

    /// <summary>
    /// What training starts from: <see cref="WeightSelection.Pretrained"/> for the network's published weights, which are fetched where they
    /// are not on this machine, <c>pretrained:v2</c> for another version of them, a file, or null or <see cref="WeightSelection.None"/>
    /// for random initialization. Default null.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>
    /// A model to start from in place of <see cref="Backbone"/> and <see cref="Weights"/>: an ONNX file, or a model file of this program. Its
    /// last layer is replaced by a linear one for the classes, and its preprocessing is kept. Default null.
    /// </summary>
    [JsonPropertyName("from")]
    public string? InitialModel { get; init; }

    /// <summary>
    /// The head (classifier) that follows the backbone's features. Default null: the network's own, or one linear layer where its own
    /// cannot be trained
    /// alone and the head alone is trained.
    /// </summary>
    public HeadKind? Head { get; init; }

    /// <summary>The width of a <see cref="HeadKind.Mlp"/> head's layer. Default null: 512; 1 to 65,536; no other head has it.</summary>
    public int? HeadWidth { get; init; }

    /// <summary>Which layers are trained. Default: the head when initial weights or a model are given, all layers otherwise.</summary>
    [JsonPropertyName("unfreeze")]
    public TrainableLayers? TrainableLayers { get; init; }

    /// <summary>
    /// Number of epochs. Default 30 for the head alone where it is trained in steps, else 10; 1 to 100,000. A head that is solved counts as
    /// one.
    /// </summary>
    public int? Epochs { get; init; }

    /// <summary>Images per batch; the last batch of an epoch may be smaller. Default 32; 1 to 65,536.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The head's learning rate. Default 0.01 for SGD, 0.001 for Adam and AdamW, none for L-BFGS; above 0, at most 1,000.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The backbone's learning rate. Default: a tenth of the head's where weights or a model are given, else the same; at least 0, at most 1,000.</summary>
    public double? BackboneLearningRate { get; init; }

    /// <summary>
    /// The optimizer. Default for the head alone: <see cref="OptimizerKind.Lbfgs"/>, which solves it, unless other options ask for steps
    /// (epochs, a rate, a schedule, weight decay, mixup, dropout, a hidden layer, more classes than have images); then
    /// <see cref="OptimizerKind.Adam"/>, because its steps do not depend on the features' scale, which differs a hundredfold between backbones.
    /// Else <see cref="OptimizerKind.Sgd"/>.
    /// </summary>
    public OptimizerKind? Optimizer { get; init; }

    /// <summary>SGD's momentum. Default 0.9; in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether SGD uses Nesterov momentum. Default false; needs a momentum above 0.</summary>
    public bool Nesterov { get; init; }

    /// <summary>
    /// The weight decay of convolutions and matrices; biases and normalizations have none (He et al. 2019, arXiv:1812.01187, section 3.1).
    /// Default 1e-4; at least 0, at most 1.
    /// </summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>The learning rate over time. Default <see cref="ScheduleKind.Cosine"/>.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>
    /// The epochs after which <see cref="ScheduleKind.Step"/> divides the rate by ten, ascending. Default null: after each third of the
    /// epochs. No other schedule has them.
    /// </summary>
    public IReadOnlyList<int>? StepEpochs { get; init; }

    /// <summary>
    /// Epochs without a better validation accuracy after which <see cref="ScheduleKind.Plateau"/> divides the rate by ten. Default 5; at
    /// least 1.
    /// </summary>
    public int PlateauPatience { get; init; } = 5;

    /// <summary>
    /// The most reductions of the rate by <see cref="ScheduleKind.Plateau"/>; where one more would be due, training ends. Default 0: no
    /// limit; at least 0.
    /// </summary>
    [JsonPropertyName("plateau_drops")]
    public int MaxRateReductions { get; init; }

    /// <summary>
    /// Warm-up: epochs, which may be fractional, over which the rate rises linearly from 0 before the schedule begins. Default 0; at least
    /// 0, at most 1,000.
    /// </summary>
    public double WarmupEpochs { get; init; }

    /// <summary>
    /// The number of first epochs in which only the head is trained, at its full rate, while the backbone is frozen and runs as in
    /// inference. Default 0; below
    /// <see cref="Epochs"/>; without effect where the head alone is trained anyway.
    /// </summary>
    public int FreezeEpochs { get; init; }

    /// <summary>
    /// The factor of the learning rate from one block of the backbone to the one before it: 0.8 trains the first blocks least (Howard and
    /// Ruder 2018, arXiv:1801.06146, section 3.2). A block is what shares the first two parts of its name, such as <c>layer1.0</c>.
    /// Default 1; above 0, at most 1.
    /// </summary>
    public double LayerDecay { get; init; } = 1;

    /// <summary>
    /// Whether batch normalization keeps the statistics that the weights bring and normalizes by them, as small batches need. Default
    /// false: the batch's, which are averaged into the running ones.
    /// </summary>
    public bool FreezeBatchNorm { get; init; }

    /// <summary>
    /// The largest Euclidean norm of the gradient of all parameters together; a larger one is scaled down (Pascanu et al. 2013,
    /// arXiv:1211.5063). Default 0: no limit; at least 0.
    /// </summary>
    public double ClipNorm { get; init; }

    /// <summary>
    /// Batches whose gradients are averaged, each sample weighing the same, before a step: a batch of <see cref="BatchSize"/> times this
    /// in the memory of one. Batch normalization sees each by itself. Default 1; 1 to 65,536.
    /// </summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>
    /// The decay of the moving average of the weights, which is validated and kept as the best (Polyak and Juditsky 1992; the decay
    /// rises from small values as <c>(1 + n) / (10 + n)</c> at step n). Default 0: no average; in [0, 1).
    /// </summary>
    public double EmaDecay { get; init; }

    /// <summary>
    /// Class weights in the loss: null for equal weights, <c>balanced</c> for N / (classes * images of the class), or
    /// <c>daisy=2,rose=0.5</c>, where classes that are not named have 1. Default null.
    /// </summary>
    public string? ClassWeights { get; init; }

    /// <summary>Balanced sampling: whether every class is drawn equally often in an epoch, whatever its number of images. Default false.</summary>
    public bool BalancedSampling { get; init; }

    /// <summary>
    /// Mixup's alpha (Zhang et al. 2018, arXiv:1710.09412): images of a batch are blended in pairs, with a share from Beta(alpha,
    /// alpha), and their targets likewise. Default 0: none; at least 0, at most 100.
    /// </summary>
    public double Mixup { get; init; }

    /// <summary>
    /// CutMix's alpha (Yun et al. 2019, arXiv:1905.04899): images of a batch exchange a rectangle in pairs. With mixup, each batch has
    /// one of the two. Default 0: none; at least 0, at most 100; without effect where the head alone is trained.
    /// </summary>
    public double CutMix { get; init; }

    /// <summary>The share of the target spread evenly over all classes (Szegedy et al. 2016, arXiv:1512.00567, section 7). Default 0; in [0, 1).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Dropout's probability in the head. Default null: half after a hidden layer of the head; else none when the head alone is trained,
    /// and the network's own when everything is; in [0, 1).
    /// </summary>
    public double? Dropout { get; init; }

    /// <summary>
    /// The augmentation of training images, in the form that <see cref="AugmentationPolicy.Parse"/> reads. Default null: <c>standard</c>
    /// where everything
    /// is trained; the head alone is trained on the features of the center crop, whatever this says.
    /// </summary>
    public string? Augmentation { get; init; }

    /// <summary>The side of the square that the network sees, in pixels. Default null: the network's own; 8 to 4,096.</summary>
    public int? ImageSize { get; init; }

    /// <summary>How pixels are normalized. Default <see cref="NormalizationKind.ImageNet"/>.</summary>
    public NormalizationKind Normalization { get; init; } = NormalizationKind.ImageNet;

    /// <summary>
    /// The complete preprocessing of an image, in place of <see cref="ImageSize"/> and <see cref="Normalization"/>, which it
    /// excludes, as does <see cref="InitialModel"/>. Default null: what the weights were measured with, at <see cref="ImageSize"/>. Its
    /// <see cref="PreprocessingSpec.CropSize"/> is the network's input; 8 to 4,096.
    /// </summary>
    public PreprocessingSpec? Preprocessing { get; init; }

    /// <summary>Seed for random operations. Default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Threads that compute; all cores when 0. The result does not depend on it. Default 0; 0 to 1,024.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that decode images; as many as compute when 0. The result does not depend on it. Default 0; 0 to 1,024.</summary>
    public int LoaderThreads { get; init; }

    /// <summary>
    /// Early stopping: stop after this many epochs without improvement on the validation set. Default 0: no early stopping; at least 0.
    /// </summary>
    public int Patience { get; init; }

    /// <summary>
    /// Whether the model of <see cref="InitialModel"/> keeps all its classes and is extended by the images' other classes. Default false:
    /// its classes are replaced by those of the images, and the rows of classes with the same name are kept.
    /// </summary>
    [JsonPropertyName("keep_classes")]
    public bool ExtendClasses { get; init; }
}

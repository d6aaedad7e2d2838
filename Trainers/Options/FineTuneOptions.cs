using MLClassify.Networks;
using MLClassify.Networks.Pretrained;

namespace MLClassify.Trainers;

/// <summary>
/// Everything that decides a training run, beside the data: the same options and the same data give the same bytes. Nullable settings are
/// chosen by <see cref="FineTuneTrainer"/> where they are null; <see cref="Resolve"/> shows what it chooses.
/// </summary>
public sealed record FineTuneOptions
{
    /// <summary>The network's name in the registry. Default <c>resnet50</c>.</summary>
    public string Backbone { get; init; } = "resnet50";

    /// <summary>
    /// What training starts from: <see cref="WeightSelection.Pretrained"/> for the network's published weights, which are fetched where they
    /// are not on this machine, <c>pretrained:v2</c> for another version of them, a file, or null or <see cref="WeightSelection.None"/> for
    /// chance. Default null.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>
    /// A model to start from in place of <see cref="Backbone"/> and <see cref="Weights"/>: an ONNX file, or a model file of this program. Its
    /// last layer is replaced by a linear one for the classes, and its preprocessing is kept. Default null.
    /// </summary>
    public string? From { get; init; }

    /// <summary>
    /// What stands after the backbone's features. Default null: the network's own, or one linear layer where its own cannot be trained
    /// alone and the head alone is trained.
    /// </summary>
    public HeadKind? Head { get; init; }

    /// <summary>The width of a <see cref="HeadKind.Hidden"/> head's layer. Default null: 512; 1 to 65,536; no other head has it.</summary>
    public int? HeadWidth { get; init; }

    /// <summary>What is trained. Default: the head where weights or a model are given, everything where they are not.</summary>
    public Unfreeze? Unfreeze { get; init; }

    /// <summary>How often every training picture is seen. Default 30 for the head alone, whose epochs cost nothing, else 10; 1 to 100,000.</summary>
    public int? Epochs { get; init; }

    /// <summary>Pictures in a step; the last one of an epoch may be smaller. Default 32; 1 to 65,536.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The head's learning rate. Default 0.01 for SGD, 0.001 for Adam and AdamW; above 0, at most 1,000.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The backbone's learning rate. Default: a tenth of the head's where weights or a model are given, else the same; at least 0, at most 1,000.</summary>
    public double? BackboneLearningRate { get; init; }

    /// <summary>
    /// The optimiser. Default: <see cref="OptimizerKind.Adam"/> for the head alone, because its steps do not depend on the features' scale,
    /// which differs a hundredfold between backbones; else <see cref="OptimizerKind.Sgd"/>.
    /// </summary>
    public OptimizerKind? Optimizer { get; init; }

    /// <summary>SGD's momentum. Default 0.9; in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether SGD looks ahead. Default false; needs a momentum above 0.</summary>
    public bool Nesterov { get; init; }

    /// <summary>
    /// The weight decay of convolutions and matrices; biases and normalisations have none (He et al. 2019, arXiv:1812.01187, section 3.1).
    /// Default 1e-4; at least 0, at most 1.
    /// </summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>The learning rate over time. Default <see cref="ScheduleKind.Cosine"/>.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>The share of the target spread evenly over all classes (Szegedy et al. 2016, arXiv:1512.00567, section 7). Default 0; in [0, 1).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Dropout's probability in the head. Default null: half after a hidden layer of the head; else none when the head alone is trained,
    /// and the network's own when everything is; in [0, 1).
    /// </summary>
    public double? Dropout { get; init; }

    /// <summary>
    /// How training pictures are varied. Default: <see cref="AugmentationKind.Standard"/> where everything is trained; the head alone is
    /// trained on the features of the centre crop, whatever this says.
    /// </summary>
    public AugmentationKind? Augmentation { get; init; }

    /// <summary>The side of the square that the network sees, in pixels. Default null: the network's own; 8 to 4,096.</summary>
    public int? ImageSize { get; init; }

    /// <summary>How pixels are normalised. Default <see cref="NormalizationKind.ImageNet"/>.</summary>
    public NormalizationKind Normalization { get; init; } = NormalizationKind.ImageNet;

    /// <summary>Decides everything that is left to chance. Default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Threads that compute; all cores when 0. The result does not depend on it. Default 0; 0 to 1,024.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that decode pictures; as many as compute when 0. The result does not depend on it. Default 0; 0 to 1,024.</summary>
    public int LoaderThreads { get; init; }

    /// <summary>Epochs without a better validation result after which training stops; never when 0. Default 0; at least 0.</summary>
    public int Patience { get; init; }

    /// <summary>These options with every null that has a rule filled in.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it, its value and the range.</exception>
    public FineTuneOptions Resolve()
    {
        Validate();
        Unfreeze unfreeze = Unfreeze ?? (!IsPretrained ? Trainers.Unfreeze.All : Trainers.Unfreeze.Head);
        bool isHead = unfreeze == Trainers.Unfreeze.Head;
        OptimizerKind optimizer = Optimizer ?? (isHead ? OptimizerKind.Adam : OptimizerKind.Sgd);
        double rate = LearningRate ?? (optimizer == OptimizerKind.Sgd ? 0.01 : 0.001);
        return this with
        {
            Weights = WeightSelection.Parse(Weights).Kind == WeightKind.None ? null : Weights,
            Unfreeze = unfreeze,
            Epochs = Epochs ?? (isHead ? 30 : 10),
            Optimizer = optimizer,
            LearningRate = rate,
            BackboneLearningRate = BackboneLearningRate ?? (IsPretrained ? rate / 10 : rate),
            Augmentation = isHead ? AugmentationKind.None : Augmentation ?? AugmentationKind.Standard,
        };
    }

    /// <summary>What a user should know about settings that are valid and yet unlikely to be meant.</summary>
    public IReadOnlyList<string> Warnings()
    {
        var warnings = new List<string>();
        if (Unfreeze == Trainers.Unfreeze.Head && !IsPretrained)
        {
            warnings.Add("Only the head is trained, and no weights are given: the backbone's features are random.");
        }

        if (Resolve().Unfreeze == Trainers.Unfreeze.Head && Augmentation is not (null or AugmentationKind.None))
        {
            warnings.Add("The head is trained on the features of the centre crop: augmentation has no effect.");
        }

        return warnings;
    }

    private bool IsPretrained => WeightSelection.Parse(Weights).Kind != WeightKind.None || From is not null;

    private void Validate()
    {
        if (string.IsNullOrWhiteSpace(Backbone))
        {
            throw new ArgumentException($"{nameof(Backbone)} is empty; it must name a network.");
        }

        if (From is not null && (Weights is not null || Head is not null || Normalization != NormalizationKind.ImageNet))
        {
            throw new ArgumentException($"{nameof(From)} is a whole model: it excludes {nameof(Weights)}, {nameof(Head)} and {nameof(Normalization)}.");
        }

        Check(nameof(Epochs), Epochs ?? 1, 1, 100_000);
        Check(nameof(BatchSize), BatchSize, 1, 65_536);
        Check(nameof(LearningRate), LearningRate ?? 1, double.Epsilon, 1_000);
        Check(nameof(BackboneLearningRate), BackboneLearningRate ?? 1, 0, 1_000);
        Check(nameof(Momentum), Momentum, 0, 1, belowEnd: true);
        Check(nameof(WeightDecay), WeightDecay, 0, 1);
        Check(nameof(LabelSmoothing), LabelSmoothing, 0, 1, belowEnd: true);
        Check(nameof(Dropout), Dropout ?? 0, 0, 1, belowEnd: true);
        Check(nameof(ImageSize), ImageSize ?? 224, 8, 4_096);
        Check(nameof(Threads), Threads, 0, 1_024);
        Check(nameof(LoaderThreads), LoaderThreads, 0, 1_024);
        Check(nameof(Patience), Patience, 0, int.MaxValue);
        Check(nameof(HeadWidth), HeadWidth ?? 1, 1, NetworkOptions.MaximumHeadWidth);
        if (Head is { } head && !Enum.IsDefined(head))
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(Head)} is {(int)head}; it must be native, linear or hidden."));
        }

        if (HeadWidth is not null && Head != HeadKind.Hidden)
        {
            throw new ArgumentException($"{nameof(HeadWidth)} needs a hidden {nameof(Head)}.");
        }

        if (Nesterov && Momentum == 0)
        {
            throw new ArgumentException($"{nameof(Nesterov)} needs a {nameof(Momentum)} above 0.");
        }
    }

    /// <summary>Refuses a value outside its range, and NaN.</summary>
    /// <exception cref="ArgumentException">The message names setting, value and range.</exception>
    internal static void Check(string name, double value, double from, double to, bool belowEnd = false)
    {
        if (!(value >= from && (belowEnd ? value < to : value <= to)))
        {
            string start = from == double.Epsilon ? "above 0" : FormattableString.Invariant($"at least {from}");
            string end = FormattableString.Invariant($"{(belowEnd ? "below" : "at most")} {to}");
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be {start} and {end}."));
        }
    }
}

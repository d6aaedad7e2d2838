using MLClassify.Common;
using MLClassify.Networks.Backbones;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <summary>Settings that belong together, as papers give them. Everything can still be changed: <c>recipe with { Epochs = 20 }</c>.</summary>
public static class TrainingRecipe
{
    /// <summary>The names that <see cref="Find"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["default", "alexnet", "cifar"];

    /// <summary>
    /// AlexNet from scratch (Krizhevsky et al. 2012, sections 4 and 5): random crops and mirror images of images whose short side is 256,
    /// PCA lighting, momentum 0.9, weight decay 0.0005, batches of 128, a rate of 0.01 that is divided by ten three times, whenever the
    /// validation error stops falling, dropout 0.5, 90 epochs at most.
    /// </summary>
    public static FineTuneOptions AlexNet { get; } = new()
    {
        Backbone = "alexnet_paper",
        Weights = WeightSelection.None,
        TrainableLayers = TrainableLayers.All,
        Epochs = 90,
        BatchSize = 128,
        Optimizer = new() { Kind = OptimizerKind.Sgd, Momentum = 0.9, WeightDecay = 5e-4 },
        LearningRate = 0.01,
        Schedule = new() { Kind = ScheduleKind.Plateau, PlateauPatience = 5, MaxRateReductions = 3 },
        Head = new() { Dropout = 0.5 },
        Augmentation = "alexnet",
    };

    /// <summary>
    /// Networks for 32 x 32 pixels (He et al. 2016, arXiv:1512.03385, section 4.2): padded crops and mirror images, momentum 0.9, weight
    /// decay 0.0001, batches of 128, a rate of 0.1 that is divided by ten at half and at three quarters of the epochs.
    /// </summary>
    /// <param name="backbone">The network. Default <c>cifar_resnet20</c>; <c>vgg16_cifar</c> gets half the rate and five times the decay.</param>
    /// <param name="epochs">Epochs. Default 164, the paper's 64,000 steps on 50,000 images.</param>
    public static FineTuneOptions Cifar(string backbone = "cifar_resnet20", int epochs = 164)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        OptionRange.Check(nameof(FineTuneOptions.Epochs), epochs, 1, 100_000);
        bool isVgg = backbone.StartsWith("vgg", StringComparison.Ordinal);
        int[] drops = [epochs / 2, epochs * 3 / 4];
        return new()
        {
            Backbone = backbone,
            Weights = WeightSelection.None,
            TrainableLayers = TrainableLayers.All,
            Epochs = epochs,
            BatchSize = 128,
            Optimizer = new() { Kind = OptimizerKind.Sgd, Momentum = 0.9, WeightDecay = isVgg ? 5e-4 : 1e-4 },
            LearningRate = isVgg ? 0.05 : 0.1,
            Schedule = new()
            {
                Kind = drops[0] >= 1 && drops[0] < drops[1] ? ScheduleKind.Step : ScheduleKind.Cosine,
                StepEpochs = drops[0] >= 1 && drops[0] < drops[1] ? drops : null,
            },
            Augmentation = "cifar",
        };
    }

    /// <summary>A recipe by name.</summary>
    /// <param name="name"><c>default</c>, <c>alexnet</c> or <c>cifar</c>.</param>
    /// <param name="backbone">The network, where it is given: recipes depend on it.</param>
    /// <param name="epochs">The epochs, where they are given: drops lie at shares of them.</param>
    /// <exception cref="ArgumentException">There is no such recipe.</exception>
    public static FineTuneOptions Find(string name, string? backbone = null, int? epochs = null) => name switch
    {
        "default" => new FineTuneOptions(),
        "alexnet" => AlexNet,
        "cifar" => Cifar(backbone ?? "cifar_resnet20", epochs ?? 164),
        _ => throw new ArgumentException($"There is no recipe '{name}'{(NearestName.Find(name, Names) is { } nearest ? $", perhaps {nearest}" : "")}; there are {string.Join(", ", Names)}."),
    };
}

namespace MLClassify;

/// <summary>What may differ from the paper's training of AlexNet; the rest is <see cref="TrainingRecipe.AlexNet"/>.</summary>
public sealed record AlexNetOptions
{
    /// <summary>The network: <c>alexnet_paper</c>, <c>alexnet</c> (torchvision's) or <c>alexnet_half</c>. Default the paper's.</summary>
    public string Backbone { get; init; } = "alexnet_paper";

    /// <summary>Epochs, if the validation error never ends training before. Default 90; 1 to 100,000.</summary>
    public int Epochs { get; init; } = 90;

    /// <summary>Images per batch. Default 128; 1 to 65,536. With smaller ones take a smaller rate in proportion.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The first learning rate. Default 0.01; above 0, at most 1,000.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Epochs without a better validation accuracy after which the rate is divided by ten. Default 5; at least 1.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>How often the rate is divided; where it would be once more, training ends. Default 3; at least 0, which never ends it.</summary>
    public int Drops { get; init; } = 3;

    /// <summary>Dropout's probability in the hidden linear layers. Default 0.5; in [0, 1).</summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>Seed for random operations. Default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>What computes. Default: a graphics card where there is one and its library, else the managed engine.</summary>
    public ComputeOptions Compute { get; init; } = new();

    /// <summary>Threads that compute: a short form of <see cref="ComputeOptions.Threads"/> in <see cref="Compute"/>. Default 0; 0 to 1,024.</summary>
    public int Threads
    {
        get => Compute.Threads;
        init => Compute = Compute with { Threads = value };
    }

    /// <summary>The whole recipe.</summary>
    public FineTuneOptions ToRecipe() => TrainingRecipe.AlexNet with
    {
        Backbone = Backbone,
        Epochs = Epochs,
        BatchSize = BatchSize,
        LearningRate = LearningRate,
        Schedule = TrainingRecipe.AlexNet.Schedule with { PlateauPatience = Patience, MaxRateReductions = Drops },
        Head = TrainingRecipe.AlexNet.Head with { Dropout = Dropout },
        Seed = Seed,
        Compute = Compute,
    };
}

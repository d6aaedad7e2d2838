using System.Text.Json.Serialization;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>Options of a distillation: a small network (the student) learns the features of larger ones (the teachers).</summary>
public sealed record DistillationOptions
{
    /// <summary>The network that learns, by its name in the registry. Default <c>resnet20_half</c>.</summary>
    public string Student { get; init; } = "resnet20_half";

    /// <summary>The networks that teach; the student learns all their features side by side. At least one.</summary>
    public required IReadOnlyList<DistillationTeacher> Teachers { get; init; }

    /// <summary>The student's weights to start from; fresh ones when null, the default.</summary>
    public string? Weights { get; init; }

    /// <summary>The side of what the student sees, in pixels. Default: its network's own; 8 to 4,096.</summary>
    public int? ImageSize { get; init; }

    /// <summary>
    /// Different random crops of an image. The teachers compute each once, and their features are kept: 4 bytes for every image, view and
    /// feature. Default 4; 1 to 1,000.
    /// </summary>
    public int Views { get; init; } = 4;

    /// <summary>Number of epochs; each shows every image in the next of its views. Default 40; 1 to 100,000.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>Images per batch. Default 64; 1 to 65,536.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>The largest learning rate. Default 0.002; above 0, at most 1,000.</summary>
    public double LearningRate { get; init; } = 0.002;

    /// <summary>The optimizer. Default <see cref="OptimizerKind.AdamW"/>.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>The learning rate over time. Default <see cref="ScheduleKind.OneCycle"/>.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.OneCycle;

    /// <summary>The weight decay of convolutions and matrices. Default 0.02; 0 to 1.</summary>
    public double WeightDecay { get; init; } = 0.02;

    /// <summary>The smallest share of an image's area that a view shows. Default 0.25; above 0, at most 1.</summary>
    [JsonPropertyName("smallest_crop")]
    public double MinCropScale { get; init; } = 0.25;

    /// <summary>Seed for random operations. Default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>What computes, teachers and student. Default: a graphics card where there is one and its library, else the managed engine.</summary>
    [JsonIgnore]
    public ComputeOptions Compute { get; init; } = new();

    /// <summary>Threads that compute: a short form of <see cref="ComputeOptions.Threads"/> in <see cref="Compute"/>. Default 0; 0 to 1,024.</summary>
    public int Threads
    {
        get => Compute.Threads;
        init => Compute = Compute with { Threads = value };
    }

    /// <summary>The settings that fine-tuning has as well, checked.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it, its value and the range.</exception>
    internal FineTuneOptions ToFineTune()
    {
        if (Teachers is null || Teachers.Count == 0)
        {
            throw OptionError.Create(nameof(Teachers), $"{nameof(Teachers)} is empty; a student needs at least one.");
        }

        OptionRange.Check(nameof(Views), Views, 1, 1_000);
        OptionRange.Check(nameof(MinCropScale), MinCropScale, double.Epsilon, 1);
        return new FineTuneOptions
        {
            Backbone = Student,
            Weights = Weights is null ? WeightSelection.None : WeightSelection.File(Weights),
            TrainableLayers = TrainableLayers.All,
            Input = new() { ImageSize = ImageSize },
            Epochs = Epochs,
            BatchSize = BatchSize,
            LearningRate = LearningRate,
            Optimizer = new() { BackboneLearningRate = LearningRate, Kind = Optimizer, WeightDecay = WeightDecay },
            Schedule = new() { Kind = Schedule },
            Seed = Seed,
            Compute = Compute,
        }.Resolve();
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using MLClassify.Engines;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>The training record in a model file: nothing that differs between two runs with the same result.</summary>
internal sealed record TrainingRecord
{
    public string Program { get; } = $"mlclassify {ProgramVersion.Text}";

    public required FineTuneOptions Options { get; init; }

    /// <summary>What computed, where it was not the managed engine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Engine { get; init; }

    public required int TrainImages { get; init; }

    public required int ValidationImages { get; init; }

    /// <summary>Which images were held out, where a split made them.</summary>
    public required string? Split { get; init; }

    public required int? BestEpoch { get; init; }

    public required double? ValAccuracy { get; init; }

    public required double? ValLoss { get; init; }

    public static string Create(FineTuneOptions options, ImageDataset train, ImageDataset validation, EpochResult? best, EngineIdentity? engine = null)
    {
        var record = new TrainingRecord
        {
            Options = options with
            {
                Compute = new ComputeOptions(),
                Weights = options.Weights.Kind == WeightKind.File ? WeightSelection.File(options.Weights.Label) : options.Weights,
                InitialModel = Path.GetFileName(options.InitialModel),
            },
            Engine = engine is null || engine == EngineIdentity.Managed ? null : engine.ToString(),
            TrainImages = train.Count,
            ValidationImages = validation.Count,
            Split = validation.SplitRule,
            BestEpoch = best?.Epoch,
            ValAccuracy = Finite(best?.ValAccuracy),
            ValLoss = Finite(best?.ValLoss),
        };
        return JsonSerializer.Serialize(record, TrainerJson.Compact.TrainingRecord);
    }

    // JSON has no NaN.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}

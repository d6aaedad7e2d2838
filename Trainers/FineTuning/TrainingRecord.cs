using System.Text.Json;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>How a model was trained, for its file: nothing that differs between two runs that give the same values.</summary>
internal sealed record TrainingRecord
{
    public string Program { get; } = $"mlclassify {ProgramVersion.Text}";

    public required FineTuneOptions Options { get; init; }

    public required int TrainImages { get; init; }

    public required int ValidationImages { get; init; }

    public required int? BestEpoch { get; init; }

    public required double? ValAccuracy { get; init; }

    public required double? ValLoss { get; init; }

    public static string Create(FineTuneOptions options, ImageDataset train, ImageDataset validation, EpochResult? best)
    {
        var record = new TrainingRecord
        {
            Options = options with
            {
                Threads = 0,
                LoaderThreads = 0,
                Weights = options.Weights is null ? null : WeightSelection.Parse(options.Weights).Label,
                From = Path.GetFileName(options.From),
            },
            TrainImages = train.Count,
            ValidationImages = validation.Count,
            BestEpoch = best?.Epoch,
            ValAccuracy = Finite(best?.ValAccuracy),
            ValLoss = Finite(best?.ValLoss),
        };
        return JsonSerializer.Serialize(record, TrainerJson.Compact.TrainingRecord);
    }

    // JSON has no NaN.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}

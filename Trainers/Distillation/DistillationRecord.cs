using System.Text.Json;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>How a backbone was distilled, for its file: nothing that differs between two runs that give the same values.</summary>
internal sealed record DistillationRecord
{
    public string Program { get; } = $"mlclassify {ProgramVersion.Text}";

    public required DistillationOptions Options { get; init; }

    public required int Epochs { get; init; }

    public required double? Explained { get; init; }

    public static string Create(DistillationResult result)
    {
        DistillationOptions options = result.Options;
        double? explained = result.Epochs.Count > 0 ? result.Epochs[^1].Explained : null;
        var record = new DistillationRecord
        {
            Options = options with
            {
                Threads = 0,
                Weights = Path.GetFileName(options.Weights),
                Teachers = [.. options.Teachers.Select(t => t with { Weights = WeightSelection.Parse(t.Weights).Label })],
            },
            Epochs = result.Epochs.Count,
            Explained = explained is { } number && double.IsFinite(number) ? number : null,
        };
        return JsonSerializer.Serialize(record, DistillationJson.Compact.DistillationRecord);
    }
}

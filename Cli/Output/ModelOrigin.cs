using System.Text.Json;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Output;

/// <summary>What a model's backbone was made from, where that is known: figures on the same images flatter it.</summary>
internal static class ModelOrigin
{
    /// <summary>Initial weights in one line, with what they were made from.</summary>
    public static string Of(InitialWeights start) => start.Origin is { } origin ? $"{start.Description}, {origin}" : start.Description;

    /// <summary>The same of a model that was trained from the embedded weights, by its training record; null for any other.</summary>
    public static string? Of(ImageClassifier classifier) => IsEmbedded(classifier.TrainingRecord) && EmbeddedBackbone.Current.Origin is { } origin
        ? $"the embedded weights, {origin}"
        : null;

    private static bool IsEmbedded(string? record)
    {
        try
        {
            using JsonDocument? json = record is null ? null : JsonDocument.Parse(record);
            return json?.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("options", out JsonElement options) && options.ValueKind == JsonValueKind.Object
                && options.TryGetProperty("weights", out JsonElement weights) && weights.ValueKind == JsonValueKind.String
                && weights.GetString() == WeightSelection.Embedded.ToString();
        }
        catch (JsonException)
        {
            // A record is of whoever wrote the file.
            return false;
        }
    }
}

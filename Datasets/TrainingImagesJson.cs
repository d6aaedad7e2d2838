using System.Text.Json.Serialization;

namespace MLClassify.Datasets;

/// <summary>The JSON of <see cref="TrainingImages"/>.</summary>
/// <param name="Images">How many there are.</param>
/// <param name="Sha256">The hashes' first four bytes, ascending.</param>
internal sealed record TrainingImagesContent(int Images, byte[] Sha256);

/// <summary>Writes and reads <see cref="TrainingImagesContent"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TrainingImagesContent))]
internal sealed partial class TrainingImagesJson : JsonSerializerContext;

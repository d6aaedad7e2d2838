using System.Text.Json;
using System.Text.Json.Serialization;
using MLClassify.Imaging.Resizing;

namespace MLClassify.Preprocessing;

/// <summary>
/// The spec's JSON form. Every member but the last is required and no other is allowed: a member that this version does not know would change what
/// the network sees, and leaving it out in silence would cost accuracy that nobody could explain.
/// </summary>
internal sealed class PreprocessingDocument
{
    public required string Resize { get; init; }

    public required int ResizeSize { get; init; }

    public required int CropSize { get; init; }

    public required string Interpolation { get; init; }

    public required float Scale { get; init; }

    public required float[] Mean { get; init; }

    public required float[] Std { get; init; }

    public required string ChannelOrder { get; init; }

    /// <summary>Null for all 16 bits: what files had before there was a choice.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SampleMaximum { get; init; }

    public static string Write(PreprocessingSpec spec) => JsonSerializer.Serialize(
        new PreprocessingDocument
        {
            Resize = SpecNames.Of(spec.Resize),
            ResizeSize = spec.ResizeSize,
            CropSize = spec.CropSize,
            Interpolation = SpecNames.Of(spec.Interpolation),
            Scale = spec.Scale,
            Mean = spec.Mean.ToArray(),
            Std = spec.Std.ToArray(),
            ChannelOrder = SpecNames.Of(spec.ChannelOrder),
            SampleMaximum = spec.SampleMaximum == ushort.MaxValue ? null : spec.SampleMaximum,
        },
        PreprocessingJson.Default.PreprocessingDocument);

    public static PreprocessingSpec Read(string json)
    {
        PreprocessingDocument document;
        try
        {
            document = JsonSerializer.Deserialize(json, PreprocessingJson.Default.PreprocessingDocument)
                ?? throw new InvalidPreprocessingException("found null; expected a JSON object.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair, which JSON's grammar allows.
            throw new InvalidPreprocessingException(error.Message, error);
        }

        return new PreprocessingSpec
        {
            Resize = SpecNames.ResizeRule(document.Resize),
            ResizeSize = document.ResizeSize,
            CropSize = document.CropSize,
            Interpolation = SpecNames.Interpolation(document.Interpolation),
            Scale = document.Scale,
            Mean = Channels(document.Mean, "mean"),
            Std = Channels(document.Std, "std"),
            ChannelOrder = SpecNames.ChannelOrder(document.ChannelOrder),
            SampleMaximum = document.SampleMaximum ?? ushort.MaxValue,
        };
    }

    private static ChannelValues Channels(float[] values, string member) => values is [float red, float green, float blue]
        ? new ChannelValues(red, green, blue)
        : throw new InvalidPreprocessingException($"{member} has {values?.Length ?? 0} numbers; expected 3 (red, green, blue).");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PreprocessingDocument))]
internal sealed partial class PreprocessingJson : JsonSerializerContext;

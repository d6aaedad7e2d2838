using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>A policy in JSON: its name, a string.</summary>
internal sealed class AugmentationPolicyConverter : JsonConverter<AugmentationPolicy>
{
    public override AugmentationPolicy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"Found {reader.TokenType}; expected an augmentation's text.");
        }

        try
        {
            return AugmentationPolicy.Parse(reader.GetString()!);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair, which JSON's grammar allows.
            throw new JsonException(error.Message, error);
        }
    }

    public override void Write(Utf8JsonWriter writer, AugmentationPolicy value, JsonSerializerOptions options)
    {
        // Steps of other types could not be read back.
        if (AugmentationText.Write(value.Geometric, value.Pixel) is not { } text)
        {
            throw new NotSupportedException($"The augmentation '{value.Name}' has steps without a text.");
        }

        writer.WriteStringValue(text);
    }
}

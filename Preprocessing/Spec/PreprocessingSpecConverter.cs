using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLClassify.Preprocessing;

/// <summary>A spec inside other JSON, such as a run's options: the object that a model file has, too. Public for source generators.</summary>
internal sealed class PreprocessingSpecConverter : JsonConverter<PreprocessingSpec>
{
    /// <inheritdoc/>
    public override PreprocessingSpec Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        try
        {
            return PreprocessingSpec.FromJson(document.RootElement.GetRawText());
        }
        catch (InvalidPreprocessingException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PreprocessingSpec value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        using JsonDocument document = JsonDocument.Parse(value.ToJson());
        document.RootElement.WriteTo(writer);
    }
}

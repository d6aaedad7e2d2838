using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MLClassify.Trainers;

/// <summary>Options in JSON: what <see cref="FineTuneOptionsContent"/> has. What a file does not name stays at its default.</summary>
internal sealed class FineTuneOptionsConverter : JsonConverter<FineTuneOptions>
{
    /// <summary>All options with their defaults, as a file has them.</summary>
    public static JsonObject Defaults() => ToObject(new FineTuneOptions());

    /// <summary>All options, as a file has them.</summary>
    public static JsonObject ToObject(FineTuneOptions options) =>
        JsonSerializer.SerializeToNode(FineTuneOptionsContent.From(options), OptionsJson.Compact.FineTuneOptionsContent)!.AsObject();

    public override FineTuneOptions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (JsonNode.Parse(ref reader) is not JsonObject found)
        {
            throw new JsonException("Expected an object with options.");
        }

        // Laid over the defaults: a generated reader gives 0 to what is not there.
        JsonObject merged = Defaults();
        foreach ((string name, JsonNode? value) in found)
        {
            merged[name] = value?.DeepClone();
        }

        try
        {
            return merged.Deserialize(OptionsJson.Compact.FineTuneOptionsContent)!.ToOptions();
        }
        catch (ArgumentException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, FineTuneOptions value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, FineTuneOptionsContent.From(value), OptionsJson.Compact.FineTuneOptionsContent);
}

using System.Text.Json;
using System.Text.Json.Nodes;
using MLClassify.Trainers;

namespace MLClassify;

/// <summary>
/// <see cref="FineTuneOptions"/> as the object <c>options</c> of a file that people edit: the names and values of a run's <c>args.json</c>,
/// but only those that differ from the defaults.
/// </summary>
internal static class FineTuneOptionsFile
{
    // The reader of the file has allowed both already.
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Writes options.</summary>
    /// <param name="options">The options.</param>
    /// <returns>An object with what differs from the defaults, and with the weights in any case.</returns>
    public static JsonObject Write(FineTuneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        JsonObject defaults = FineTuneOptionsConverter.Defaults();
        var written = new JsonObject();
        foreach ((string name, JsonNode? value) in FineTuneOptionsConverter.ToObject(options))
        {
            if (!JsonNode.DeepEquals(value, defaults[name]))
            {
                written[name] = value?.DeepClone();
            }
        }

        // A word says more to a reader than null.
        if (options.InitialModel is null)
        {
            written["weights"] = options.Weights.ToString();
        }

        return written;
    }

    /// <summary>Reads options; what the object does not say stays at its default.</summary>
    /// <param name="element">The object.</param>
    /// <param name="source">Where it is from, for messages.</param>
    /// <exception cref="InvalidDataException">A name is unknown, or a value is not valid; the message says which and what is.</exception>
    public static FineTuneOptions Read(JsonElement element, string source)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"{source}: 'options' is a JSON {element.ValueKind}, expected an object");
        }

        // Laid over the defaults, so that no reader of JSON has to know them.
        JsonObject merged = FineTuneOptionsConverter.Defaults();
        string[] names = [.. OptionsJson.Compact.FineTuneOptionsContent.Properties.Select(known => known.Name)];
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!names.Contains(property.Name, StringComparer.Ordinal))
            {
                throw new InvalidDataException($"{source}: options.{property.Name} is unknown; there are {string.Join(", ", names)}");
            }

            merged[property.Name] = JsonNode.Parse(property.Value.GetRawText(), documentOptions: Lenient);
        }

        try
        {
            FineTuneOptions options = merged.Deserialize(OptionsJson.Compact.FineTuneOptionsContent)!.ToOptions();
            _ = options.Resolve();
            return options;
        }
        catch (JsonException e)
        {
            string place = e.Path is { Length: > 2 } path ? $"options.{path[2..]}" : "options";
            string name = e.Path is { Length: > 2 } ? e.Path[2..] : "";
            string found = element.TryGetProperty(name, out JsonElement value) ? value.GetRawText() : "?";
            throw new InvalidDataException($"{source}: {place} cannot be {found}", e);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{source}: options: {e.Message}", e);
        }
    }
}

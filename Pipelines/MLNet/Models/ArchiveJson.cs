using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLClassify.MLNet;

/// <summary>Settings as JSON in a model file.</summary>
internal static class ArchiveJson
{
    /// <summary>More than the names of a million classes need.</summary>
    private const int MostBytes = 256 << 20;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static void Write<T>(Stream stream, T settings) => JsonSerializer.Serialize(stream, settings, Options);

    /// <summary>Reads settings.</summary>
    /// <exception cref="InvalidDataException">The content is no such JSON, or too long.</exception>
    public static T Read<T>(Stream stream)
        where T : class
    {
        using var buffer = new MemoryStream();
        byte[] part = new byte[64 << 10];
        for (int read; (read = stream.Read(part)) > 0;)
        {
            buffer.Write(part, 0, read);
            if (buffer.Length > MostBytes)
            {
                throw Damaged(FormattableString.Invariant($"its settings are larger than {MostBytes} bytes"));
            }
        }

        try
        {
            return JsonSerializer.Deserialize<T>(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), Options) ?? throw Damaged("its settings are empty");
        }
        catch (JsonException e)
        {
            throw Damaged($"its settings cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>Says that a model file is not what it should be.</summary>
    public static InvalidDataException Damaged(string why, Exception? inner = null) => new($"The model file is damaged: {why}.", inner);
}

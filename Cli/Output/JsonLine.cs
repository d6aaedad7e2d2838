using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MLClassify.Cli.Output;

/// <summary>One JSON object a line, names in snake_case.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new FiniteNumberConverter() },
    };

    /// <summary>Writes an object's properties; numbers that are not finite become null.</summary>
    public static void Write(TextWriter writer, object value)
    {
        writer.WriteLine(Text(value));
        writer.Flush();
    }

    /// <summary>The same as text.</summary>
    public static string Text(object value) => JsonSerializer.Serialize(value, Options);

    private sealed class FiniteNumberConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}

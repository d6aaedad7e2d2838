using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLClassify.Reports;

/// <summary>A matrix of counts with a line of text per row: one per count, as indented JSON has it, makes 10,000 lines of 100 classes.</summary>
internal sealed class CountRowsConverter : JsonConverter<long[][]>
{
    public override long[][] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var rows = new List<long[]>();
        Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.StartArray);
            var row = new List<long>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long count))
                {
                    throw new JsonException("expected a whole number");
                }

                row.Add(count);
            }

            rows.Add([.. row]);
        }

        return [.. rows];
    }

    public override void Write(Utf8JsonWriter writer, long[][] value, JsonSerializerOptions options)
    {
        // A raw value gets no indentation from the writer, so that it must bring its own.
        string indent = new(' ', 2 * writer.CurrentDepth);
        var text = new StringBuilder("[");
        for (int row = 0; row < value.Length; row++)
        {
            text.Append(row == 0 ? "\n" : ",\n").Append(indent).Append("  [");
            text.AppendJoin(", ", value[row].Select(count => count.ToString(CultureInfo.InvariantCulture))).Append(']');
        }

        text.Append('\n').Append(indent).Append(']');
        writer.WriteRawValue(text.ToString(), skipInputValidation: true);
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType expected)
    {
        if (reader.TokenType != expected)
        {
            throw new JsonException("expected an array of arrays");
        }
    }
}

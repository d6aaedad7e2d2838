using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using MLClassify.Common;

namespace MLClassify.Datasets;

/// <summary>A file that was received.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it is from.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256.</param>
/// <param name="IsKnown">Whether that is the known one.</param>
public sealed record ReceivedFile(string Name, Uri Address, long Bytes, string Sha256, bool IsKnown);

/// <summary>The file that says which dataset a folder is, and from what it was made. It is hidden, so that no reader takes it for data.</summary>
internal sealed record DatasetMarker(string Name, int Classes, int TrainImages, int TestImages, IReadOnlyList<ReceivedFile> Files)
{
    public const string FileName = ".mlclassify-dataset.json";

    private const long LargestFile = 1 << 20;

    /// <summary>What a folder's marker says; null where there is none, or not one of ours.</summary>
    public static DatasetMarker? Find(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, FileName));
        if (!file.Exists || file.Length > LargestFile)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
            JsonElement root = document.RootElement;
            return new DatasetMarker(
                root.GetProperty("name").GetString() ?? "",
                root.GetProperty("classes").GetInt32(),
                root.GetProperty("train_images").GetInt32(),
                root.GetProperty("test_images").GetInt32(),
                [.. root.GetProperty("files").EnumerateArray().Select(ReadFile)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or UriFormatException)
        {
            return null;
        }
    }

    /// <summary>Writes the file.</summary>
    public void Write(string folder)
    {
        using FileStream stream = File.Create(Path.Combine(folder, FileName));
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) });
        writer.WriteStartObject();
        writer.WriteString("name", Name);
        writer.WriteNumber("classes", Classes);
        writer.WriteNumber("train_images", TrainImages);
        writer.WriteNumber("test_images", TestImages);
        writer.WriteStartArray("files");
        foreach (ReceivedFile file in Files)
        {
            writer.WriteStartObject();
            writer.WriteString("name", file.Name);
            writer.WriteString("address", file.Address.ToString());
            writer.WriteNumber("bytes", file.Bytes);
            writer.WriteString("sha256", file.Sha256);
            writer.WriteBoolean("is_known", file.IsKnown);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static ReceivedFile ReadFile(JsonElement file) => new(
        file.GetProperty("name").GetString() ?? "",
        new Uri(file.GetProperty("address").GetString() ?? ""),
        file.GetProperty("bytes").GetInt64(),
        file.GetProperty("sha256").GetString() ?? "",
        file.GetProperty("is_known").GetBoolean());
}

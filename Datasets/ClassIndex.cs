using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using MLClassify.Common;

namespace MLClassify.Datasets;

/// <summary>The file <c>class_indices.json</c>: an object from label to class name, <c>{ "0": "daisy", "1": "roses" }</c>.</summary>
internal static class ClassIndex
{
    /// <summary>The file's usual name.</summary>
    public const string FileName = "class_indices.json";

    private const long MaxBytes = 64 << 20;

    /// <summary>Writes the file atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classNames">The classes' names in the order of their labels.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, IReadOnlyList<string> classNames)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(classNames);
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };
        AtomicFile.Write(path, stream =>
        {
            using var writer = new Utf8JsonWriter(stream, options);
            writer.WriteStartObject();
            for (int i = 0; i < classNames.Count; i++)
            {
                writer.WriteString(i.ToString(CultureInfo.InvariantCulture), classNames[i]);
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The classes' names in the order of their labels.</returns>
    /// <exception cref="InvalidDatasetException">The content is not such an object, a label is missing or a name repeated.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        long length = new FileInfo(path).Length;
        if (length > MaxBytes)
        {
            throw new InvalidDatasetException($"{path}: {length} bytes; expected a class index of at most {MaxBytes}.");
        }

        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), options);
            return Parse(document.RootElement, path);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair, which JSON's grammar allows.
            throw new InvalidDatasetException($"{path}: not a class index: {error.Message}", error);
        }
    }

    private static string[] Parse(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDatasetException($"{path}: found a JSON {root.ValueKind}; expected an object from label to class name.");
        }

        string?[] names = new string?[root.GetPropertyCount()];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!int.TryParse(property.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int label)
                || label >= names.Length || names[label] is not null)
            {
                throw new InvalidDatasetException($"{path}: found label '{property.Name}'; expected each of 0 to {names.Length - 1} once.");
            }

            if (property.Value.ValueKind != JsonValueKind.String || property.Value.GetString() is not { Length: > 0 } name)
            {
                throw new InvalidDatasetException($"{path}: label {label} has {property.Value.ValueKind}; expected a class name.");
            }

            if (!seen.Add(name))
            {
                throw new InvalidDatasetException($"{path}: the class name '{name}' occurs twice.");
            }

            names[label] = name;
        }

        return names.Length > 0 ? (string[])names! : throw new InvalidDatasetException($"{path}: no classes in it.");
    }
}

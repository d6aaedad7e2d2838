using System.Text.Json;

namespace MLClassify;

/// <summary>Reads a project's file, and refuses whatever it does not know.</summary>
/// <param name="path">The file, full.</param>
internal sealed class RetrainingProjectReader(string path)
{
    public const int Version = 1;

    private const long LargestFile = 1 << 20;
    private static readonly string[] Settings = ["version", "name", "data", "model", "options"];
    private static readonly string[] DataSettings = ["folder", "val", "split", "split_every"];

    private readonly string _folder = Path.GetDirectoryName(path) ?? path;

    public RetrainingProject Read()
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new FileNotFoundException($"{path} does not exist; 'mlclassify new' writes such a file, and programs that use it run in its folder.", path);
        }

        if (file.Length > LargestFile)
        {
            throw Problem(FormattableString.Invariant($"found {file.Length} bytes, expected at most {LargestFile}"));
        }

        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), options);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair, which JSON's grammar allows.
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    private RetrainingProject Read(JsonElement root)
    {
        CheckNames(root, "", Settings);
        JsonElement version = Required(root, "version", "version");
        if (version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number) || number != Version)
        {
            throw Problem($"version is {version.GetRawText()}, expected {Version}");
        }

        JsonElement data = Required(root, "data", "data");
        CheckNames(data, "data.", DataSettings);
        RetrainingProject project = new()
        {
            Name = Text(Required(root, "name", "name"), "name"),
            DataFolder = FullPath(Required(data, "folder", "data.folder"), "data.folder"),
            ValidationFolder = Find(data, "val") is { } validation ? FullPath(validation, "data.val") : null,
            ValidationFraction = Find(data, "split") is { } split ? Fraction(split) : null,
            ValidationEvery = Find(data, "split_every") is { } every ? Every(every) : null,
            ModelPath = FullPath(Required(root, "model", "model"), "model"),
            Options = Find(root, "options") is { } options ? FineTuneOptionsFile.Read(options, path) : new FineTuneOptions(),
        };
        int given = new object?[] { project.ValidationFolder, project.ValidationFraction, project.ValidationEvery }.Count(value => value is not null);
        return given <= 1
            ? project with { Options = RetrainingProject.WithPaths(project.Options, text => ProjectPath.Read(text, _folder)) }
            : throw Problem("data.val, data.split and data.split_every exclude each other");
    }

    private double Fraction(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number is > 0 and < 1
        ? number
        : throw Problem($"data.split is {value.GetRawText()}, expected a share above 0 and below 1");

    private int Every(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 2
        ? number
        : throw Problem($"data.split_every is {value.GetRawText()}, expected a whole number, at least 2");

    private string FullPath(JsonElement value, string name)
    {
        string text = Text(value, name);
        return text.Contains('\0', StringComparison.Ordinal) ? throw Problem($"{name} is no path") : ProjectPath.Read(text, _folder);
    }

    private string Text(JsonElement value, string name) => value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
        ? text
        : throw Problem($"{name} is {value.GetRawText()}, expected a text");

    private JsonElement Required(JsonElement element, string name, string place) => Find(element, name) ?? throw Problem($"{place} is missing");

    private static JsonElement? Find(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private void CheckNames(JsonElement element, string place, string[] known)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Problem($"found a JSON {element.ValueKind}{(place.Length > 0 ? $" as {place.TrimEnd('.')}" : "")}, expected an object with {string.Join(", ", known)}");
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw Problem($"{place}{property.Name} is unknown; there are {string.Join(", ", known)}");
            }
        }
    }

    private InvalidDataException Problem(string problem) => new($"{path}: {problem}");
}

using System.Text.Json;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <summary>Reads a project's file, and refuses whatever it does not know.</summary>
/// <param name="path">The file, full.</param>
internal sealed class RetrainingProjectReader(string path)
{
    public const int Version = 2;

    private const long LargestFile = 1 << 20;
    private static readonly string[] Settings = ["version", "name", "data", "model", "options"];
    private static readonly string[] DataSettings = ["folder", "val", "split", "split_every"];

    private readonly string _folder = Path.GetDirectoryName(path) ?? path;

    public RetrainingProject Read()
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new FileNotFoundException($"{path} does not exist; programs that use the project file run in its folder.", path);
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
        if (version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number) || number is < 1 or > Version)
        {
            throw Problem($"version is {version.GetRawText()}, expected 1 to {Version}");
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
            Options = Options(Find(root, "options"), number),
        };
        int given = new object?[] { project.ValidationFolder, project.ValidationFraction, project.ValidationEvery }.Count(value => value is not null);
        return given <= 1
            ? project with { Options = RetrainingProject.WithPaths(project.Options, text => ProjectPath.Read(text, _folder)) }
            : throw Problem("data.val, data.split and data.split_every exclude each other");
    }

    // What the first version did not say was random initialization.
    private FineTuneOptions Options(JsonElement? element, int version)
    {
        FineTuneOptions options = element is { } given ? FineTuneOptionsFile.Read(given, path) : new FineTuneOptions();
        bool isRandom = version == 1 && options.InitialModel is null && element?.TryGetProperty("weights", out _) != true;
        return isRandom ? options with { Weights = WeightSelection.None } : options;
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

using System.Text.Json;
using System.Text.Json.Nodes;
using MLClassify.Common;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <summary>
/// A model that is trained again and again: its images, its options, its file. It is written as <c>NAME.mlclassify.json</c>, for people to
/// edit; paths in the file are relative to its folder.
/// </summary>
public sealed record RetrainingProject
{
    /// <summary>How the file's name ends.</summary>
    public const string Extension = ".mlclassify.json";

    private const string DefaultModelExtension = ".safetensors";
    private const double DefaultFraction = 0.1;

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The folder of the images, which <see cref="ImageFolder.Open"/> reads.</summary>
    public required string DataFolder { get; init; }

    /// <summary>A folder of held-out images. Default null: a part of <see cref="DataFolder"/>.</summary>
    public string? ValidationFolder { get; init; }

    /// <summary>The share of each class that is held out, above 0 and below 1. Default null: the folder's own part, or a tenth.</summary>
    public double? ValidationFraction { get; init; }

    /// <summary>Hold out every Nth file of each class for validation; N >= 2. Default null; excludes the other two.</summary>
    public int? ValidationEvery { get; init; }

    /// <summary>The model's file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>How the model is trained.</summary>
    public required FineTuneOptions Options { get; init; }

    /// <summary>Opens the images.</summary>
    /// <returns>Those to learn from, and those held out; the same ones every time, as long as the folder's files are the same.</returns>
    /// <exception cref="InvalidDatasetException">A folder holds no classes of images.</exception>
    public (ImageDataset Train, ImageDataset Validation) OpenData()
    {
        ImageFolder folder = ImageFolder.Open(DataFolder);
        if (ValidationFolder is not null)
        {
            ImageFolder validation = ImageFolder.Open(ValidationFolder, new ImageFolderOptions { MinimumClasses = 1 });
            return (folder.Dataset, validation.Dataset.WithClasses(folder.ClassNames));
        }

        return (ValidationEvery, ValidationFraction) switch
        {
            (int every, _) => folder.HoldOutEveryNth(every),
            (_, double fraction) => folder.Split(fraction, Options.Seed),
            _ when folder.HasPredefinedSplit => folder.TrainValidation(),
            _ => folder.Split(DefaultFraction, Options.Seed),
        };
    }

    /// <summary>Reads a project's file.</summary>
    /// <param name="path">The file, <c>NAME.mlclassify.json</c>; comments and trailing commas are allowed in it.</param>
    /// <exception cref="InvalidDataException">The content is not valid; the message names the file, the setting, what was found and expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RetrainingProject Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new RetrainingProjectReader(Path.GetFullPath(path)).Read();
    }

    /// <summary>Writes the project's file.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? full;
        var data = new JsonObject { ["folder"] = ProjectPath.Write(DataFolder, folder) };
        if (ValidationFolder is not null)
        {
            data["val"] = ProjectPath.Write(ValidationFolder, folder);
        }

        if (ValidationFraction is { } fraction)
        {
            data["split"] = fraction;
        }

        if (ValidationEvery is { } every)
        {
            data["split_every"] = every;
        }

        FineTuneOptions options = WithPaths(Options, file => ProjectPath.Write(file, folder));
        var root = new JsonObject
        {
            ["version"] = RetrainingProjectReader.Version,
            ["name"] = Name,
            ["data"] = data,
            ["model"] = ProjectPath.Write(ModelPath, folder),
            ["options"] = FineTuneOptionsFile.Write(options),
        };
        AtomicFile.Write(full, stream =>
        {
            var format = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            using var writer = new Utf8JsonWriter(stream, format);
            root.WriteTo(writer);
            writer.Flush();
            stream.WriteByte((byte)'\n');
        });
    }

    /// <summary>Where a model is kept that another one replaced: <c>NAME.previous.safetensors</c>.</summary>
    /// <param name="modelPath">The model's file.</param>
    public static string PreviousOf(string modelPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelPath);
        return Path.ChangeExtension(modelPath, ".previous" + (Path.GetExtension(modelPath) is { Length: > 0 } own ? own : DefaultModelExtension));
    }

    /// <summary>Options whose files are named otherwise.</summary>
    internal static FineTuneOptions WithPaths(FineTuneOptions options, Func<string, string> name)
    {
        return options with
        {
            Weights = options.Weights.Kind == WeightKind.File ? WeightSelection.File(name(options.Weights.Value!)) : options.Weights,
            InitialModel = options.InitialModel is null ? null : name(options.InitialModel),
        };
    }
}

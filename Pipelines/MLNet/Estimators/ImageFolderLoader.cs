using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLClassify.MLNet;

/// <summary>Which images of a folder are loaded.</summary>
public enum ImageFolderPart
{
    /// <summary>Those of <c>train/</c> where the folder has a split, else all.</summary>
    Train,

    /// <summary>Those of <c>val/</c>, <c>valid/</c> or <c>validation/</c>.</summary>
    Validation,

    /// <summary>Those of <c>test/</c>.</summary>
    Test,
}

/// <summary>How a folder of images becomes data.</summary>
public sealed record ImageFolderLoaderOptions
{
    /// <summary>The column for the paths. Default <c>ImagePath</c>.</summary>
    public string ImageColumnName { get; init; } = "ImagePath";

    /// <summary>The column for the classes. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>Which images. Default <see cref="ImageFolderPart.Train"/>.</summary>
    public ImageFolderPart Part { get; init; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(ImageColumnName);
        ArgumentException.ThrowIfNullOrEmpty(LabelColumnName);
        if (!Enum.IsDefined(Part) || ImageColumnName == LabelColumnName)
        {
            throw new ArgumentException($"The part {Part} is unknown, or the paths and the classes are both in the column '{ImageColumnName}'.");
        }
    }
}

/// <summary>Learns the classes of a folder.</summary>
internal sealed class ImageFolderLoaderEstimator : IDataLoaderEstimator<IMultiStreamSource, ImageFolderLoader>
{
    private readonly IHostEnvironment _environment;
    private readonly ImageFolderLoaderOptions _options;

    internal ImageFolderLoaderEstimator(IHostEnvironment environment, ImageFolderLoaderOptions options) => (_environment, _options) = (environment, options);

    /// <summary>Lists the classes: those of the training part, whichever part is loaded.</summary>
    /// <param name="input">The folder, as a <see cref="MultiFileSource"/>; of several the first.</param>
    /// <exception cref="InvalidDatasetException">The folder is missing or holds no images.</exception>
    public ImageFolderLoader Fit(IMultiStreamSource input)
    {
        ArgumentNullException.ThrowIfNull(input);
        string folder = input.Count > 0 ? input.GetPathOrNull(0) : "";
        return new ImageFolderLoader(_environment, _options, ImageFolderLoader.Open(folder).ClassNames);
    }

    /// <summary>The columns that the loader will give.</summary>
    public SchemaShape GetOutputSchema() =>
        SchemaShapes.Add(new SchemaShape([]), new ImageFolderLoader(_environment, _options, ["any"]).GetOutputSchema().Select(c => new DataViewSchema.DetachedColumn(c)));
}

/// <summary>
/// Lists folders whose subfolders are the classes. A row has a path and the key of its class; a class that was not there when the loader was
/// fitted is missing.
/// </summary>
public sealed class ImageFolderLoader : IDataLoader<IMultiStreamSource>
{
    /// <summary>The name in the header of a saved loader.</summary>
    internal const string LoaderName = "MLClassifyImageFolder";

    private const string SettingsName = "Settings.json";

    private const int ReasonsShown = 5;

    private readonly IHostEnvironment _environment;
    private readonly ImageFolderLoaderOptions _options;

    internal ImageFolderLoader(IHostEnvironment environment, ImageFolderLoaderOptions options, IReadOnlyList<string> classNames)
    {
        _environment = environment;
        _options = options;
        ClassNames = classNames;
    }

    /// <summary>The classes' names, by key.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The columns.</summary>
    public DataViewSchema GetOutputSchema() => Schema();

    /// <summary>Lists folders. Files are not opened.</summary>
    /// <param name="input">The folders, as a <see cref="MultiFileSource"/>.</param>
    /// <exception cref="InvalidDatasetException">A folder is missing or holds no images, or lacks the part.</exception>
    public IDataView Load(IMultiStreamSource input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Dictionary<string, uint> keys = ClassNames.Index().ToDictionary(c => c.Item, c => (uint)c.Index + 1, StringComparer.Ordinal);
        var paths = new List<string>();
        var rowKeys = new List<uint>();
        for (int i = 0; i < input.Count; i++)
        {
            ImageFolder folder = Open(input.GetPathOrNull(i));
            ImageDataset images = PartOf(folder);
            Report(folder, images);
            paths.AddRange(images.Samples.Select(s => s.Path));
            rowKeys.AddRange(images.Samples.Select(s => keys.GetValueOrDefault(images.ClassNames[s.Label])));
        }

        return new ImageListView(Schema(), paths, [.. rowKeys]);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        MLNetInternals.WriteHeader(ctx, "MLCLSFLD", 0x00010001, LoaderName);
        var settings = new LoaderSettings { ImageColumn = _options.ImageColumnName, LabelColumn = _options.LabelColumnName, Part = _options.Part, ClassNames = ClassNames };
        MLNetInternals.WriteStream(ctx, SettingsName, stream => ArchiveJson.Write(stream, settings));
    }

    /// <summary>Called by ML.NET, by this name and these parameters; see <c>Loaders.cs</c>.</summary>
    internal static IDataLoader<IMultiStreamSource> Create(IHostEnvironment environment, ModelLoadContext context)
    {
        ArgumentNullException.ThrowIfNull(environment);
        LoaderSettings? settings = null;
        MLNetInternals.ReadStream(context, SettingsName, stream => settings = ArchiveJson.Read<LoaderSettings>(stream));
        var options = new ImageFolderLoaderOptions { ImageColumnName = settings!.ImageColumn, LabelColumnName = settings.LabelColumn, Part = settings.Part };
        try
        {
            options.Validate();
        }
        catch (ArgumentException e)
        {
            throw ArchiveJson.Damaged(e.Message.TrimEnd('.'), e);
        }

        bool isUsable = settings.ClassNames is { Count: > 0 } names && !names.Contains(null!) && names.Distinct(StringComparer.Ordinal).Count() == names.Count;
        return isUsable ? new ImageFolderLoader(environment, options, settings.ClassNames) : throw ArchiveJson.Damaged("its classes have no distinct names");
    }

    internal static ImageFolder Open(string? folder) => string.IsNullOrEmpty(folder)
        ? throw new InvalidDatasetException("There is no folder to load: give its path, as in new MultiFileSource(path).")
        : ImageFolder.Open(folder, new ImageFolderOptions { MinimumClasses = 1 });

    private ImageDataset PartOf(ImageFolder folder) => _options.Part switch
    {
        ImageFolderPart.Validation => folder.Validation ?? throw new InvalidDatasetException($"{folder.Root} has no validation part: expected a folder 'val' in it."),
        ImageFolderPart.Test => folder.Test ?? throw new InvalidDatasetException($"{folder.Root} has no test part: expected a folder 'test' beside 'train' in it."),
        _ => folder.Dataset,
    };

    // What a folder holds and rows do not show, where ML.NET's users listen: context.Log.
    private void Report(ImageFolder folder, ImageDataset images)
    {
        using IChannel messages = _environment.Register("LoadImageFolder").Start("Load");
        if (folder.HasPredefinedSplit)
        {
            string parts = string.Join(", ", new[] { ("train", folder.Dataset), ("val", folder.Validation), ("test", folder.Test) }
                .Where(part => part.Item2 is not null).Select(part => FormattableString.Invariant($"{part.Item1} {part.Item2!.Count}")));
            messages.Warning(MessageSensitivity.UserData, FormattableString.Invariant(
                $"{folder.Root} has parts of its own ({parts} images): the {images.Count} of one are loaded; {nameof(ImageFolderLoaderOptions)}.{nameof(ImageFolderLoaderOptions.Part)} chooses another."));
        }

        foreach (string warning in folder.Warnings)
        {
            messages.Warning(MessageSensitivity.UserData, warning);
        }

        if (folder.Ignored.Count > 0)
        {
            IEnumerable<string> reasons = folder.Ignored.CountBy(file => file.Reason).OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal)
                .Take(ReasonsShown).Select(reason => FormattableString.Invariant($"{reason.Key} ({reason.Value})"));
            messages.Warning(MessageSensitivity.UserData, FormattableString.Invariant(
                $"{folder.Ignored.Count} files or folders of {folder.Root} take no part: {string.Join(", ", reasons)}. First: {folder.Ignored[0].Path}"));
        }
    }

    private DataViewSchema Schema()
    {
        ReadOnlyMemory<char>[] names = [.. ClassNames.Select(n => n.AsMemory())];
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            KeyNames.Kind,
            new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref value));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(_options.ImageColumnName, TextDataViewType.Instance);
        schema.AddColumn(_options.LabelColumnName, new KeyDataViewType(typeof(uint), ClassNames.Count), annotations.ToAnnotations());
        return schema.ToSchema();
    }

    private sealed record LoaderSettings
    {
        public required string ImageColumn { get; init; }

        public required string LabelColumn { get; init; }

        public required ImageFolderPart Part { get; init; }

        public required IReadOnlyList<string> ClassNames { get; init; }
    }
}

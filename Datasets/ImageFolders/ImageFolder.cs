using MLClassify.Datasets;

namespace MLClassify;

/// <summary>
/// A folder of images whose subfolders are the classes. Two layouts: <c>class/...</c>, or <c>train/class/...</c> beside
/// <c>val/class/...</c> (also <c>valid</c>, <c>validation</c>) and <c>test/class/...</c>. Images may lie at any depth below their
/// class. Files are listed, not opened.
/// </summary>
public sealed class ImageFolder
{
    internal ImageFolder(
        string root,
        ImageDataset samples,
        ImageDataset? validation,
        ImageDataset? test,
        IReadOnlyList<SkippedFile> ignored,
        IReadOnlyList<string> warnings)
    {
        Root = root;
        Dataset = samples;
        Validation = validation;
        Test = test;
        Ignored = ignored;
        Warnings = warnings;
    }

    /// <summary>The folder's full path.</summary>
    public string Root { get; }

    /// <summary>The classes' names, the folders' names sorted by ordinal value. A label is an index into them.</summary>
    public IReadOnlyList<string> ClassNames => Dataset.ClassNames;

    /// <summary>The images, sorted by class and path; with predefined splits those of <c>train/</c>.</summary>
    public IReadOnlyList<ImageSample> Samples => Dataset.Samples;

    /// <summary><see cref="Samples"/> and <see cref="ClassNames"/> as a dataset.</summary>
    public ImageDataset Dataset { get; }

    /// <summary>The images of <c>val/</c>, <c>valid/</c> or <c>validation/</c>; null without such a folder.</summary>
    public ImageDataset? Validation { get; }

    /// <summary>The images of <c>test/</c> beside <c>train/</c>; null without such a folder.</summary>
    public ImageDataset? Test { get; }

    /// <summary>
    /// Whether the folder says itself which images are for validation: it has <see cref="Validation"/> or <see cref="Test"/>.
    /// </summary>
    public bool HasPredefinedSplit => Validation is not null || Test is not null;

    /// <summary>
    /// Files and folders that do not take part, each with the reason. Hidden ones (names that begin with a dot) are not listed.
    /// </summary>
    public IReadOnlyList<SkippedFile> Ignored { get; }

    /// <summary>Warnings, such as a class folder without images, which is left out.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Whether a file is taken for an image when a folder is listed: by its extension, whatever its case. Its content decides the format later.</summary>
    /// <param name="path">The file's name or path.</param>
    public static bool IsImage(string path) => ImageFileTypes.IsImage(path);

    /// <summary>Lists a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">What it must hold; defaults when null.</param>
    /// <exception cref="InvalidDatasetException">The folder is missing, empty, has too few classes, or validates on classes it does not
    /// train on.</exception>
    public static ImageFolder Open(string path, ImageFolderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new ImageFolderOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MinimumClasses, 1);
        return new ImageFolderReader(Path.GetFullPath(path), options).Read();
    }

    /// <summary>Splits <see cref="Samples"/> at random, stratified; see <see cref="ImageDataset.Split"/>.</summary>
    /// <param name="validationFraction">The share for validation, above 0 and below 1.</param>
    /// <param name="seed">The seed. Default 42.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not above 0 and below 1.</exception>
    public (ImageDataset Train, ImageDataset Validation) Split(double validationFraction, long seed = 42) =>
        Dataset.Split(validationFraction, seed);

    /// <summary>Splits <see cref="Samples"/> by position; see <see cref="ImageDataset.HoldOutEveryNth"/>.</summary>
    /// <param name="n">The step, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 2.</exception>
    public (ImageDataset Train, ImageDataset Validation) HoldOutEveryNth(int n) => Dataset.HoldOutEveryNth(n);

    /// <summary>The folder's own split: <c>train/</c>, and <c>val/</c> or else <c>test/</c>.</summary>
    /// <exception cref="InvalidDatasetException">The folder has no predefined split.</exception>
    public (ImageDataset Train, ImageDataset Validation) TrainValidation() =>
        (Validation ?? Test) is { } validation
            ? (Dataset, validation)
            : throw new InvalidDatasetException($"{Root} has no predefined split: expected the folders 'train' and 'val' in it.");

    /// <summary>The folder without the classes of which no image to train on can be read, which are named; images are decoded for it.</summary>
    /// <param name="cancellationToken">Cancels the work between images.</param>
    /// <exception cref="InvalidDatasetException">Fewer than two classes are left.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public ImageFolder OnlyReadable(CancellationToken cancellationToken)
    {
        IReadOnlyList<UnreadableClass> unreadable = UnreadableClass.Find(Dataset, cancellationToken);
        if (unreadable.Count == 0 || unreadable.Sum(own => own.Images) == Dataset.Count)
        {
            // Who reads the images says that none can be.
            return this;
        }

        string[] left = [.. unreadable.Select(own => own.Name)];
        string[] names = [.. ClassNames.Except(left, StringComparer.Ordinal)];
        if (names.Length < 2)
        {
            throw new InvalidDatasetException(
                $"{Root} needs at least two classes with images that can be read; found {names.Length}: {NameList.Join(names)}; {string.Join("; ", unreadable)}");
        }

        SkippedFile[] files = [.. Samples.Where(sample => left.Contains(ClassNames[sample.Label])).Select(sample => new SkippedFile(sample.Path, "its class is left out: none of its images can be read"))];
        return new ImageFolder(
            Root,
            Dataset.OnlyClasses(names),
            Validation?.OnlyClasses(names),
            Test?.OnlyClasses(names),
            [.. Ignored, .. files],
            [.. Warnings, .. unreadable.Select(own => $"The class {own.Name} is left out: {own}")]);
    }

    /// <summary>The folder's name and what is in it: <c>flower_photos: 3303 images in 5 classes, 367 for validation</c>.</summary>
    public override string ToString()
    {
        string more = (Validation is null ? "" : FormattableString.Invariant($", {Validation.Count} for validation"))
            + (Test is null ? "" : FormattableString.Invariant($", {Test.Count} for testing"))
            + (Ignored.Count == 0 ? "" : FormattableString.Invariant($", {Ignored.Count} ignored"));
        return FormattableString.Invariant($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Root))}: {Dataset.Count} images in {ClassNames.Count} classes{more}");
    }
}

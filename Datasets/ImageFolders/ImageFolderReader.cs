namespace MLClassify.Datasets;

/// <summary>Recognizes a folder's layout and lists its classes.</summary>
internal sealed class ImageFolderReader
{
    private static readonly string[] ValidationNames = ["val", "valid", "validation"];

    private readonly List<SkippedFile> _ignored = [];
    private readonly List<string> _warnings = [];
    private readonly FolderScanner _scanner;
    private readonly DirectoryInfo _root;
    private readonly ImageFolderOptions _options;
    private int _minimumClasses;

    public ImageFolderReader(string root, ImageFolderOptions options)
    {
        _root = new DirectoryInfo(root);
        _options = options;
        _scanner = new FolderScanner(_ignored, _warnings);
    }

    public ImageFolder Read()
    {
        if (!_root.Exists)
        {
            throw new InvalidDatasetException(File.Exists(_root.FullName)
                ? $"{_root.FullName} is a file; expected a folder with one subfolder a class."
                : $"The folder {_root.FullName} does not exist.");
        }

        if (_options.Labels is { } labels)
        {
            return ReadLabels(Path.GetFullPath(labels));
        }

        return ReadLayout(_options.MinimumClasses);
    }

    private ImageFolder ReadLabels(string file)
    {
        ImageFolder? layout = LabelFile.SaysClasses(file) ? null : ReadLayout(minimumClasses: 1);
        IEnumerable<ImageSample> images = layout is null ? [] : [.. layout.Samples, .. layout.Validation?.Samples ?? [], .. layout.Test?.Samples ?? []];
        Dictionary<string, string> classes = images.ToDictionary(sample => sample.Path, sample => layout!.ClassNames[sample.Label], StringComparer.Ordinal);
        return LabelFile.Read(file, _root.FullName, classes, _ignored, _warnings, _options.MinimumClasses);
    }

    private ImageFolder ReadLayout(int minimumClasses)
    {
        _minimumClasses = minimumClasses;
        if (RawDataset.IsPackedFolder(_root.FullName))
        {
            throw new InvalidDatasetException(
                $"{_root.FullName} holds a raw dataset (CIFAR's batches or IDX files), not images; RawDataset.WriteFolder turns it into a folder of images.")
            {
                IsRawDataset = true,
            };
        }

        FileSystemInfo[] entries = _scanner.Entries(_root);
        if (entries.Length == 0)
        {
            string why = _ignored.Count > 0 ? _ignored[0].Reason : "it is empty";
            throw new InvalidDatasetException($"{_root.FullName} holds no images: {why}. Expected one subfolder a class.");
        }

        DirectoryInfo[] folders = [.. entries.OfType<DirectoryInfo>()];
        return Find(folders, "train") is { } train && IsSplit(folders) ? ReadSplit(entries, folders, train) : ReadClasses(entries);
    }

    private static DirectoryInfo? Find(DirectoryInfo[] folders, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Array.Find(folders, folder => folder.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } folder)
            {
                return folder;
            }
        }

        return null;
    }

    // A lone "train" is a split without a validation part, unless it is a class of vehicles.
    private static bool IsSplit(DirectoryInfo[] folders) =>
        folders.Length == 1 || Find(folders, ValidationNames) is not null || Find(folders, "test") is not null;

    private ImageFolder ReadClasses(FileSystemInfo[] entries)
    {
        List<ClassFolder> classes = Classes(entries, out int stray);
        string[] names = [.. classes.Select(item => item.Name)];
        CheckClassCount(_root.FullName, names, stray, classes);
        WarnOfDeeperClasses(_root, classes);
        return new ImageFolder(_root.FullName, Dataset(names, classes), null, null, _ignored, _warnings);
    }

    private ImageFolder ReadSplit(FileSystemInfo[] entries, DirectoryInfo[] folders, DirectoryInfo train)
    {
        DirectoryInfo? validation = Find(folders, ValidationNames);
        DirectoryInfo? test = Find(folders, "test");
        foreach (FileSystemInfo entry in entries)
        {
            if (entry.FullName != train.FullName && entry.FullName != validation?.FullName && entry.FullName != test?.FullName)
            {
                _ignored.Add(new SkippedFile(entry.FullName, "is not in one of the split folders"));
            }
        }

        List<ClassFolder> trainClasses = Classes(_scanner.Entries(train), out int stray);
        string[] names = [.. trainClasses.Select(item => item.Name)];
        CheckClassCount(train.FullName, names, stray, trainClasses);
        WarnOfDeeperClasses(train, trainClasses);
        ImageDataset? validationSet = Part(validation, train, names);
        ImageDataset? testSet = Part(test, train, names);
        return new ImageFolder(_root.FullName, Dataset(names, trainClasses), validationSet, testSet, _ignored, _warnings);
    }

    private ImageDataset? Part(DirectoryInfo? folder, DirectoryInfo train, string[] names)
    {
        if (folder is null)
        {
            return null;
        }

        List<ClassFolder> classes = Classes(_scanner.Entries(folder), out int stray);
        string[] unknown = [.. classes.Select(item => item.Name).Except(names, StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            throw new InvalidDatasetException(
                $"{folder.FullName} has classes without images in {train.FullName}: {NameList.Join(unknown)}. Training cannot learn them.");
        }

        if (classes.Count == 0)
        {
            throw new InvalidDatasetException(
                $"{folder.FullName} holds no images in class folders{(stray > 0 ? $"; {Images(stray)} directly in it" : "")}.");
        }

        string[] missing = [.. names.Except(classes.Select(item => item.Name), StringComparer.Ordinal)];
        if (missing.Length > 0)
        {
            _warnings.Add($"{folder.FullName} has no images of {NameList.Join(missing)}.");
        }

        return Dataset(names, classes);
    }

    private List<ClassFolder> Classes(FileSystemInfo[] entries, out int stray)
    {
        stray = 0;
        var classes = new List<ClassFolder>();
        foreach (FileSystemInfo entry in entries)
        {
            if (entry is not DirectoryInfo folder)
            {
                bool isImage = ImageFileTypes.IsImage(entry.Name);
                stray += isImage ? 1 : 0;
                _ignored.Add(new SkippedFile(entry.FullName, isImage ? "is not in a class folder" : "not an image and in no class folder"));
                continue;
            }

            ClassFolder found = _scanner.Scan(folder);
            if (found.Files.Count > 0)
            {
                classes.Add(found);
            }
            else
            {
                _ignored.Add(new SkippedFile(folder.FullName, "a class folder without images"));
                _warnings.Add($"The class folder {folder.FullName} holds no images and is left out.");
            }
        }

        return _options.Classes == ClassLevel.Top ? classes : Inner(entries, classes);
    }

    // A class for each folder in which images lie.
    private List<ClassFolder> Inner(FileSystemInfo[] entries, List<ClassFolder> outer)
    {
        string root = entries.Length == 0 ? "" : Path.GetDirectoryName(entries[0].FullName) ?? "";
        string Name(string file)
        {
            string folder = Path.GetDirectoryName(file) ?? root;
            return _options.Classes == ClassLevel.Leaf ? Path.GetFileName(folder) : Path.GetRelativePath(root, folder).Replace(Path.DirectorySeparatorChar, '/');
        }

        return
        [
            .. outer.SelectMany(item => item.Files).GroupBy(Name, StringComparer.Ordinal).OrderBy(own => own.Key, StringComparer.Ordinal)
                .Select(own => new ClassFolder(own.Key, [.. own], [], HasOwnImages: true)),
        ];
    }

    // A folder of datasets looks like a dataset with deep classes, which there are, too.
    private void WarnOfDeeperClasses(DirectoryInfo folder, List<ClassFolder> classes)
    {
        if (_options.Classes == ClassLevel.Top && classes.Count > 0 && classes.TrueForAll(IsDeep))
        {
            IEnumerable<string> shown = classes.Take(3).Select(item => $"{Path.Join(folder.FullName, item.Name)} ({NameList.Join([.. item.Subfolders])})");
            _warnings.Add(
                $"No class folder of {folder.FullName} holds images itself, all have several subfolders that do: {string.Join("; ", shown)}{(classes.Count > 3 ? "; ..." : "")}. "
                + "Each class takes the images of all its subfolders; where the subfolders are the classes, open one of these folders instead.");
        }
    }

    private static bool IsDeep(ClassFolder item) => !item.HasOwnImages && item.Subfolders.Count > 1;

    private void CheckClassCount(string folder, string[] names, int stray, List<ClassFolder> classes)
    {
        if (names.Length >= _minimumClasses)
        {
            return;
        }

        string needed = _minimumClasses switch { 1 => "one class", 2 => "two classes", int n => $"{n} classes" };
        string found = names.Length == 0 ? "found none" : $"found {names.Length}: {NameList.Join(names)}";
        string files = stray > 0 ? $"; {Images(stray)} directly in it, outside any class folder" : "";
        files += classes is [{ } only] && IsDeep(only) ? $"; its subfolders hold images, {NameList.Join([.. only.Subfolders])}: if these are the classes, open {Path.Join(folder, only.Name)}" : "";
        throw new InvalidDatasetException($"{folder} needs at least {needed}, each a subfolder with images; {found}{files}.");
    }

    private static string Images(int count) => count == 1 ? "1 image lies" : $"{count} images lie";

    private static ImageDataset Dataset(string[] names, List<ClassFolder> classes)
    {
        var samples = new List<ImageSample>();
        foreach (ClassFolder item in classes)
        {
            int label = Array.IndexOf(names, item.Name);
            samples.AddRange(item.Files.Select(file => new ImageSample(file, label)));
        }

        return new ImageDataset(names, samples);
    }
}

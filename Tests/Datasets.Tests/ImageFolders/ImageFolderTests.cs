namespace MLClassify.Datasets.Tests;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_ClassFolders_ListsSortedClassesAndFiles()
    {
        _folder.With("roses/b.jpg", "roses/a.PNG", "roses/deep/er/c.jpeg", "Daisy/z.webp", "daisy/y.gif");

        ImageFolder folder = ImageFolder.Open(_folder.Root);

        Assert.Equal(["Daisy", "daisy", "roses"], folder.ClassNames);
        Assert.Equal(
            [("Daisy/z.webp", 0), ("daisy/y.gif", 1), ("roses/a.PNG", 2), ("roses/b.jpg", 2), ("roses/deep/er/c.jpeg", 2)],
            folder.Samples.Select(sample => (_folder.Relative(sample.Path), sample.Label)));
        Assert.Empty(folder.Ignored);
        Assert.Empty(folder.Warnings);
        Assert.False(folder.HasPredefinedSplit);
    }

    [Fact]
    public void Open_OtherFiles_ListsThemWithReasons()
    {
        _folder.With("a/1.jpg", "b/1.jpg", "a/notes.txt", "b/Makefile", "stray.jpg", "readme.md", "a/.DS_Store", "b/._1.jpg", ".git/x.jpg");
        File.WriteAllBytes(_folder["a/empty.jpg"], []);

        ImageFolder folder = ImageFolder.Open(_folder.Root);

        Assert.Equal(2, folder.Samples.Count);
        var reasons = folder.Ignored.ToDictionary(file => _folder.Relative(file.Path), file => file.Reason);
        Assert.Equal(["a/empty.jpg", "a/notes.txt", "b/Makefile", "readme.md", "stray.jpg"], reasons.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("not an image: extension .txt", reasons["a/notes.txt"]);
        Assert.Equal("not an image: no extension", reasons["b/Makefile"]);
        Assert.Equal("is not in a class folder", reasons["stray.jpg"]);
        Assert.Equal("the file is empty", reasons["a/empty.jpg"]);
    }

    [Theory]
    [InlineData("flowers/daisy/1.jpg", "flowers/rose/1.jpg", "pets/cat/1.jpg", "pets/dog/deep/1.jpg")]
    [InlineData("train/flowers/daisy/1.jpg", "train/flowers/rose/1.jpg", "train/pets/cat/1.jpg", "train/pets/dog/1.jpg", "val/pets/cat/2.jpg", "val/flowers/rose/2.jpg")]
    public void Open_FolderOfDatasets_WarnsAndNamesTheDeeperFolders(params string[] files)
    {
        _folder.With(files);

        ImageFolder folder = ImageFolder.Open(_folder.Root);

        Assert.Equal(["flowers", "pets"], folder.ClassNames);
        string warning = Assert.Single(folder.Warnings);
        Assert.Contains(Path.Join(files[0].StartsWith("train", StringComparison.Ordinal) ? _folder["train"] : _folder.Root, "flowers") + " (daisy, rose)", warning, StringComparison.Ordinal);
        Assert.Contains("pets (cat, dog)", warning, StringComparison.Ordinal);
        Assert.EndsWith("open one of these folders instead.", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flowers/daisy/1.jpg", "flowers/rose/1.jpg", "flowers/2.jpg", "pets/cat/1.jpg", "pets/dog/1.jpg")]
    [InlineData("flowers/daisy/1.jpg", "flowers/rose/1.jpg", "pets/cat/1.jpg")]
    [InlineData("flowers/2025/1.jpg", "pets/2025/1.jpg")]
    public void Open_ClassesWithSubfoldersOfTheirOwn_DoesNotWarn(params string[] files)
    {
        _folder.With(files);

        Assert.Empty(ImageFolder.Open(_folder.Root).Warnings);
    }

    [Fact]
    public void Open_OneDatasetInAFolder_NamesIt()
    {
        _folder.With("flowers/daisy/1.jpg", "flowers/rose/1.jpg");

        InvalidDatasetException error = Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(_folder.Root));

        Assert.EndsWith($"its subfolders hold images, daisy, rose: if these are the classes, open {_folder["flowers"]}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ClassWithoutImages_LeavesItOutWithWarning()
    {
        _folder.With("a/1.jpg", "b/1.jpg", "empty/readme.txt");

        ImageFolder folder = ImageFolder.Open(_folder.Root);

        Assert.Equal(["a", "b"], folder.ClassNames);
        Assert.Contains(_folder["empty"], Assert.Single(folder.Warnings), StringComparison.Ordinal);
        Assert.Contains(folder.Ignored, file => file.Path == _folder["empty"]);
    }

    [Theory]
    [InlineData("val")]
    [InlineData("valid")]
    [InlineData("validation")]
    [InlineData("Validation")]
    public void Open_PredefinedSplit_ReadsBothParts(string name)
    {
        _folder.With("train/b/1.jpg", "train/a/2.jpg", "train/c/3.jpg", $"{name}/c/4.jpg", $"{name}/a/5.jpg", "extra/x/1.jpg");

        ImageFolder folder = ImageFolder.Open(_folder.Root);
        (ImageDataset train, ImageDataset validation) = folder.TrainValidation();

        Assert.True(folder.HasPredefinedSplit);
        Assert.Equal(["a", "b", "c"], folder.ClassNames);
        Assert.Equal([0, 1, 2], train.Samples.Select(sample => sample.Label));
        Assert.Equal(["a", "b", "c"], validation.ClassNames);
        Assert.Equal([0, 2], validation.Samples.Select(sample => sample.Label));
        Assert.EndsWith("has no images of b.", Assert.Single(folder.Warnings), StringComparison.Ordinal);
        Assert.Equal("is not in one of the split folders", Assert.Single(folder.Ignored).Reason);
        Assert.Null(folder.Test);
    }

    [Fact]
    public void Open_TrainAndTest_ValidatesOnTest()
    {
        _folder.With("train/a/1.jpg", "train/b/1.jpg", "test/a/2.jpg", "test/b/2.jpg");

        ImageFolder folder = ImageFolder.Open(_folder.Root);

        Assert.Null(folder.Validation);
        Assert.Same(folder.Test, folder.TrainValidation().Validation);
    }

    [Fact]
    public void Open_AllThreeParts_ValidatesOnVal()
    {
        _folder.With("train/a/1.jpg", "train/b/1.jpg", "test/a/2.jpg", "test/b/2.jpg", "val/a/3.jpg", "val/b/3.jpg");

        ImageFolder folder = ImageFolder.Open(_folder.Root);

        Assert.Same(folder.Validation, folder.TrainValidation().Validation);
        Assert.Equal(2, folder.Test!.Count);
    }

    [Fact]
    public void Open_LoneTrainFolder_ReadsItsClasses()
    {
        _folder.With("train/a/1.jpg", "train/b/1.jpg");

        Assert.Equal(["a", "b"], ImageFolder.Open(_folder.Root).ClassNames);
    }

    [Fact]
    public void Open_ClassNamedTrain_IsAClass()
    {
        _folder.With("train/1.jpg", "bus/1.jpg");

        Assert.Equal(["bus", "train"], ImageFolder.Open(_folder.Root).ClassNames);
    }

    [Fact]
    public void Open_ValidationClassWithoutTraining_Throws()
    {
        _folder.With("train/a/1.jpg", "train/b/1.jpg", "val/a/1.jpg", "val/zebra/1.jpg");

        var error = Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(_folder.Root));

        Assert.Equal(
            $"{_folder["val"]} has classes without images in {_folder["train"]}: zebra. Training cannot learn them.",
            error.Message);
    }

    [Fact]
    public void Open_EmptyValidation_Throws()
    {
        _folder.With("train/a/1.jpg", "train/b/1.jpg", "val/1.jpg");

        var error = Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(_folder.Root));

        Assert.Equal($"{_folder["val"]} holds no images in class folders; 1 image lies directly in it.", error.Message);
    }

    [Fact]
    public void Open_MissingFolder_Throws()
    {
        string path = _folder["nowhere"];

        var error = Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(path));

        Assert.Equal($"The folder {path} does not exist.", error.Message);
    }

    [Fact]
    public void Open_File_Throws()
    {
        _folder.With("a.jpg");

        var error = Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(_folder["a.jpg"]));

        Assert.Contains("is a file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EmptyFolder_Throws()
    {
        var error = Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(_folder.Root));

        Assert.Equal($"{_folder.Root} holds no images: it is empty. Expected one subfolder a class.", error.Message);
    }

    [Fact]
    public void Open_OneClass_ThrowsAndCountsStrayImages()
    {
        _folder.With("cats/1.jpg", "2.jpg", "3.png");

        var error = Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(_folder.Root));

        Assert.Equal(
            $"{_folder.Root} needs at least two classes, each a subfolder with images; found 1: cats; " +
            "2 images lie directly in it, outside any class folder.",
            error.Message);
    }

    [Fact]
    public void Open_OnlyStrayImages_Throws()
    {
        _folder.With("2.jpg");

        var error = Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(_folder.Root));

        Assert.EndsWith("found none; 1 image lies directly in it, outside any class folder.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OneClassAllowed_Succeeds()
    {
        _folder.With("cats/1.jpg");

        Assert.Equal(["cats"], ImageFolder.Open(_folder.Root, new ImageFolderOptions { MinimumClasses = 1 }).ClassNames);
    }

    [Fact]
    public void TrainValidation_ClassFolders_Throws()
    {
        _folder.With("a/1.jpg", "b/1.jpg");

        var error = Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(_folder.Root).TrainValidation());

        Assert.Contains("no predefined split", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SymbolicLinks_FollowsEachFolderOnce()
    {
        _folder.With("a/1.jpg", "a/sub/2.jpg", "b/1.jpg", "outside.d/3.jpg");
        using TemporaryFolder shared = new TemporaryFolder().With("linked.jpg");
        Directory.CreateSymbolicLink(_folder["a/loop"], _folder["a"]);
        Directory.CreateSymbolicLink(_folder["a/sub/up"], "..");
        Directory.CreateSymbolicLink(_folder["a/itself"], "itself");
        Directory.CreateSymbolicLink(_folder["b/shared1"], shared.Root);
        Directory.CreateSymbolicLink(_folder["b/shared2"], shared.Root);
        File.CreateSymbolicLink(_folder["b/broken.jpg"], "nothing.jpg");
        File.CreateSymbolicLink(_folder["b/other.jpg"], _folder["a/1.jpg"]);

        ImageFolder folder = ImageFolder.Open(_folder.Root);

        var paths = folder.Samples.Select(sample => _folder.Relative(sample.Path)).ToArray();
        Assert.Equal(
            ["a/1.jpg", "a/sub/2.jpg", "b/1.jpg", "b/other.jpg", "outside.d/3.jpg"],
            paths.Where(path => !path.Contains("shared", StringComparison.Ordinal)));
        Assert.Single(paths, path => path.EndsWith("linked.jpg", StringComparison.Ordinal));
        Assert.Contains(new SkippedFile(_folder["b/broken.jpg"], "a symbolic link to nothing"), folder.Ignored);
        Assert.Contains(new SkippedFile(_folder["a/loop"], "a symbolic link to a folder that is listed already"), folder.Ignored);
    }

    [Fact]
    public void Open_FoldersLinkedCrosswise_Ends()
    {
        const int Count = 12;
        for (int i = 0; i < Count; i++)
        {
            _folder.With($"a/{i}/1.jpg", $"b/{i}/1.jpg");
        }

        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j < Count; j++)
            {
                Directory.CreateSymbolicLink(_folder[$"a/{i}/to{j}"], $"../{j}");
            }
        }

        // Each real folder once: by a link or by its own name, whichever comes first.
        Assert.Equal(2 * Count, ImageFolder.Open(_folder.Root).Samples.Count);
    }

    [DataFact]
    public void Open_NoDatasetButArchives_ThrowsInvalidDataset() =>
        Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(SharedData.Path("weights")));

    [Theory]
    [InlineData(ClassLevel.Top, "plant,vehicle", "0,0,0,1,1")]
    [InlineData(ClassLevel.Leaf, "car,daisy,other", "0,1,2,2,2")]
    [InlineData(ClassLevel.Path, "plant,plant/daisy,plant/other,vehicle/car,vehicle/other", "0,1,2,3,4")]
    public void Open_FoldersInEachOther_NamesTheClassesAsAsked(ClassLevel level, string names, string labels)
    {
        _folder.With("plant/daisy/1.jpg", "plant/other/2.jpg", "vehicle/car/3.jpg", "vehicle/other/4.jpg", level == ClassLevel.Leaf ? "plant/other/0.jpg" : "plant/0.jpg");

        ImageFolder folder = ImageFolder.Open(_folder.Root, new ImageFolderOptions { Classes = level });

        Assert.Equal(names.Split(','), folder.ClassNames);
        Assert.Equal(labels, string.Join(',', folder.Samples.Select(sample => sample.Label)));
    }

    [Theory]
    [InlineData("__MACOSX")]
    [InlineData("New folder")]
    [InlineData("new folder (2)")]
    [InlineData("@eaDir")]
    [InlineData("Thumbs")]
    public void Open_FolderThatIsNoClass_IsLeftOutWithALine(string name)
    {
        _folder.With("daisy/1.jpg", "rose/2.jpg", $"{name}/3.jpg", $"rose/{name}/4.jpg", "rose/.thumbnails/5.jpg");

        ImageFolder folder = ImageFolder.Open(_folder.Root);

        Assert.Equal(["daisy", "rose"], folder.ClassNames);
        Assert.Equal(2, folder.Dataset.Count);
        Assert.Equal(2, folder.Warnings.Count(warning => warning.Contains($"{name} is left out: ", StringComparison.Ordinal)));
    }
}

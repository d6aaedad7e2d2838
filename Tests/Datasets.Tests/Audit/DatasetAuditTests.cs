namespace MLClassify.Datasets.Tests.Audit;

public sealed class DatasetAuditTests : IDisposable
{
    private static readonly DatasetAuditOptions Small = new() { FewImages = 0 };

    private readonly TemporaryFolder _folder = new();
    private int _written;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_NothingWrong_IsSilent()
    {
        ImageDataset train = Set(("a", 10, null), ("b", 12, null));
        ImageDataset validation = Set(("a", 2, null), ("b", 1, null));
        Assert.Empty(DatasetAudit.Run(train, validation));
    }

    [Fact]
    public void Run_ClassNotInValidation_IsNamed()
    {
        DatasetWarning warning = Assert.Single(DatasetAudit.Run(Set(("a", 3, null), ("b", 3, null), ("c", 3, null)), Set(("b", 1, null)), Small));
        Assert.Equal((DatasetWarningIds.MissingInValidation, 2), (warning.Id, warning.Count));
        Assert.Equal(["a", "c"], warning.Items);
        Assert.Equal("2 classes are never validated, so nothing measures what is learned of them: a, c", warning.Message);
    }

    [Fact]
    public void Run_NoValidation_MissesNothing()
    {
        Assert.Empty(DatasetAudit.Run(Set(("a", 3, null)), null, Small));
        Assert.Empty(DatasetAudit.Run(Set(("a", 3, null)), new ImageDataset(["a"], []), Small));
    }

    [Fact]
    public void Run_ClassWithoutTraining_IsNamedWhereverItIs()
    {
        var train = new ImageDataset(["a", "empty"], Set(("a", 3, null)).Samples);
        DatasetWarning warning = Assert.Single(DatasetAudit.Run(train, Set(("other", 1, null), ("a", 1, null)), Small));
        Assert.Equal(DatasetWarningIds.WithoutTraining, warning.Id);
        Assert.Equal(["empty", "other"], warning.Items);
    }

    // Validation has its classes in another order: they are matched by name.
    [Fact]
    public void Run_SameImageInTrainingAndValidation_IsNamedWithBothClasses()
    {
        ImageDataset train = Set(("a", 3, null), ("b", 2, "shared"));
        ImageDataset validation = Set(("b", 1, null), ("a", 2, "shared"));
        IReadOnlyList<DatasetWarning> warnings = DatasetAudit.Run(train, validation, Small);

        DatasetWarning warning = warnings[0];
        Assert.Equal((DatasetWarningIds.TrainedAndValidated, 1), (warning.Id, warning.Count));
        string first = train.Samples.First(s => train.ClassNames[s.Label] == "b").Path;
        string second = validation.Samples.First(s => validation.ClassNames[s.Label] == "a").Path;
        Assert.Equal($"1 image is both trained and validated on: {first} (b) is {second} (a)", warning.Message);
        Assert.Equal(4, Assert.Single(warning.Items).Split('\t').Length);
        Assert.Equal(DatasetWarningIds.Repeated, Assert.Single(warnings.Skip(1)).Id);
    }

    [Fact]
    public void Run_SameImageInTwoClasses_IsAConflict()
    {
        DatasetWarning warning = Assert.Single(DatasetAudit.Run(Set(("a", 1, "shared"), ("b", 1, "shared"), ("c", 2, null)), null, Small));
        Assert.Equal(DatasetWarningIds.ConflictingLabels, warning.Id);
        Assert.Contains("(a) is ", warning.Message, StringComparison.Ordinal);
        Assert.EndsWith("(b)", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 2, false)]
    [InlineData(21, 2, true)]
    [InlineData(5, 0, false)]
    public void Run_Imbalance_IsNamedAboveOneToTen(int many, int few, bool isNamed)
    {
        IReadOnlyList<DatasetWarning> warnings = DatasetAudit.Run(Set(("many", many, null), ("few", few, null)), null, Small);
        Assert.Equal(isNamed, warnings.Any(w => w.Id == DatasetWarningIds.Imbalance));
        if (isNamed)
        {
            Assert.Equal("classes differ by 1:10.5: 21 images of many, 2 of few; class weights or balanced sampling help", warnings[0].Message);
        }
    }

    [Fact]
    public void Run_FewImages_AreNamedWithTheirNumber()
    {
        DatasetWarning warning = Assert.Single(DatasetAudit.Run(Set(("a", 9, null), ("b", 10, null), ("c", 4, null)), null));
        Assert.Equal((DatasetWarningIds.FewImages, 2), (warning.Id, warning.Count));
        Assert.Equal(["c", "a"], warning.Items);
        Assert.Equal("2 classes have fewer than 10 images to train on: c (4), a (9)", warning.Message);
    }

    [Fact]
    public void Run_FilesThatCannotBeRead_AreLeftOut()
    {
        ImageDataset good = Set(("a", 2, "shared"));
        var train = new ImageDataset(["a"], [.. good.Samples, new(_folder["none.jpg"], 0), new(_folder.Root, 0), new("bad\0name", 0)]);
        Assert.Equal(DatasetWarningIds.Repeated, Assert.Single(DatasetAudit.Run(train, null, Small)).Id);
    }

    [Fact]
    public void Run_ManyDuplicates_ListsSomeAndCountsAll()
    {
        var samples = new List<ImageSample>();
        for (int i = 0; i < 9; i++)
        {
            samples.AddRange(Set(("a", 2, $"shared{i}")).Samples);
        }

        DatasetWarning warning = Assert.Single(DatasetAudit.Run(new ImageDataset(["a"], samples), null, Small with { MostItems = 4 }));
        Assert.Equal((9, 4), (warning.Count, warning.Items.Count));
        Assert.StartsWith("9 images are more than once in one class: ", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithoutReading_FindsNoDuplicates() =>
        Assert.Empty(DatasetAudit.Run(Set(("a", 2, "shared")), null, Small with { FindDuplicates = false }));

    [Fact]
    public void Run_Canceled_Stops()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => DatasetAudit.Run(Set(("a", 2, null)), null, Small, stop.Token));
    }

    [Fact]
    public void Run_OptionOutOfRange_Throws()
    {
        ImageDataset train = Set(("a", 1, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetAudit.Run(train, null, new DatasetAuditOptions { LargestRatio = 0.5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetAudit.Run(train, null, new DatasetAuditOptions { MostItems = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetAudit.Run(train, null, new DatasetAuditOptions { Threads = -1 }));
    }

    // Files of one length: with a content they are all the same, without one each is another.
    private ImageDataset Set(params (string Name, int Count, string? Content)[] classes)
    {
        var samples = new List<ImageSample>();
        foreach (((string name, int count, string? content), int label) in classes.Select((c, i) => (c, i)))
        {
            for (int i = 0; i < count; i++)
            {
                string path = _folder[$"{_written++:D6}-{name}.jpg"];
                File.WriteAllText(path, (content ?? $"own {_written}").PadRight(40));
                samples.Add(new ImageSample(path, label));
            }
        }

        return new ImageDataset(classes.Select(c => c.Name), samples);
    }
}

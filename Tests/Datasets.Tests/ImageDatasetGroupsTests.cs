using FsCheck;
using FsCheck.Fluent;

namespace MLClassify.Datasets.Tests;

public sealed class ImageDatasetGroupsTests
{
    private const int Photos = 120;
    private const int Crops = 5;

    // Five crops of each photo, and a label at random for each photo.
    private static ImageDataset Cropped(int seed)
    {
        var random = new Random(seed);
        int[] labels = [.. Enumerable.Range(0, Photos).Select(_ => random.Next(2))];
        return new ImageDataset(["a", "b"], Enumerable.Range(0, Photos * Crops).Select(i => new ImageSample($"photo{i / Crops:000}_{i % Crops}.jpg", labels[i / Crops]) { Group = $"{i / Crops}" }));
    }

    [Fact]
    public void Split_Groups_LieOnOneSideInTheRightShares()
    {
        ImageDataset images = Cropped(1);
        (ImageDataset train, ImageDataset validation) = images.Split(0.2, 3);
        AssertApart(images, train, validation);
        Assert.All(images.CountPerClass().Zip(validation.CountPerClass()), counts => Assert.InRange(counts.Second, (0.2 * counts.First) - Crops, (0.2 * counts.First) + Crops));
        Assert.Equal(validation.Samples, images.Split(0.2, 3).Validation.Samples);
        Assert.NotEqual(validation.Samples, images.Split(0.2, 4).Validation.Samples);
    }

    [Fact]
    public void Split_AnyGroups_NeverTornNorAClassUnlearned() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 8).ListOf(40).ToArbitrary(),
        Gen.Choose(1, 99).ToArbitrary(),
        (groups, percent) =>
        {
            // Some are in no group, and groups lie in several classes.
            var images = new ImageDataset(["a", "b", "c"], groups.Select((group, i) => new ImageSample($"{i:00}", i % 3) { Group = group == 0 ? null : $"{group}" }));
            (ImageDataset train, ImageDataset validation) = images.Split(percent / 100.0, percent);
            AssertApart(images, train, validation);
            Assert.All(train.CountPerClass(), count => Assert.True(count > 0));
        }));

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void HoldOutEveryNth_Groups_CountAsOneFile(int n)
    {
        ImageDataset images = Cropped(2);
        (ImageDataset train, ImageDataset validation) = images.HoldOutEveryNth(n);
        AssertApart(images, train, validation);
        Assert.Equal(images.CountPerClass().Select(count => ((count / Crops) + n - 1) / n * Crops), validation.CountPerClass());
    }

    [Fact]
    public void Folds_Groups_AreHeldOutOnceInNearlyEvenShares()
    {
        ImageDataset images = Cropped(3);
        IReadOnlyList<(ImageDataset Train, ImageDataset HeldOut)> folds = images.Folds(5, 1);
        Assert.All(folds, fold => AssertApart(images, fold.Train, fold.HeldOut));
        Assert.Equal(images.Count, folds.Sum(fold => fold.HeldOut.Count));
        Assert.InRange(folds.Max(fold => fold.HeldOut.CountPerClass()[0]) - folds.Min(fold => fold.HeldOut.CountPerClass()[0]), 0, Crops);
    }

    [Fact]
    public void Split_ClassOfOneGroup_IsLearned()
    {
        var images = new ImageDataset(["a", "b"], Enumerable.Range(0, 20).Select(i => new ImageSample($"{i:00}", i % 2) { Group = i % 2 == 0 ? "only" : null }));
        (ImageDataset train, ImageDataset validation) = images.Split(0.2);
        Assert.Equal([10, 8], train.CountPerClass());
        Assert.Equal([0, 2], validation.CountPerClass());
        Assert.Equal([0, 2], images.HoldOutEveryNth(5).Validation.CountPerClass());
    }

    [Fact]
    public void KeepTogether_SetsAcrossGroups_JoinsThem()
    {
        var images = new ImageDataset(["a"], Enumerable.Range(0, 6).Select(i => new ImageSample($"{i}", 0) { Group = i < 2 ? "first" : null }));
        ImageDataset joined = images.KeepTogether([[images.Samples[1], images.Samples[3]], [images.Samples[4], images.Samples[5]]]);
        Assert.Equal(["first", "first", null, "first", "4", "4"], joined.Samples.Select(sample => sample.Group));
        Assert.Equal((2, 5), joined.CountGroups());
    }

    [Fact]
    public void WithGroups_ThenWithClasses_KeepsThem() =>
        Assert.Equal("g", new ImageDataset(["a"], [new ImageSample("x", 0)]).WithGroups(_ => "g").WithClasses(["b", "a"]).TakePerClass(1).Samples[0].Group);

    private static void AssertApart(ImageDataset all, ImageDataset train, ImageDataset validation)
    {
        Assert.Equal(all.Samples.Order(ByPath), train.Samples.Concat(validation.Samples).Order(ByPath));
        Assert.Empty(train.Samples.Select(sample => sample.Group).OfType<string>().Intersect(validation.Samples.Select(sample => sample.Group).OfType<string>()));
    }

    private static readonly Comparer<ImageSample> ByPath = Comparer<ImageSample>.Create((a, b) => string.CompareOrdinal(a.Path, b.Path));
}

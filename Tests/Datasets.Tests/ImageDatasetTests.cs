using FsCheck;
using FsCheck.Fluent;

namespace MLClassify.Datasets.Tests;

public class ImageDatasetTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void ImageDataset_LabelOfNoClass_Throws(int label) =>
        Assert.Throws<ArgumentException>(() => new ImageDataset(Names, [new ImageSample("x.jpg", label)]));

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "")]
    public void ImageDataset_BadNames_Throws(string first, string second) =>
        Assert.Throws<ArgumentException>(() => new ImageDataset([first, second], []));

    [Fact]
    public void CountPerClass_Samples_CountsByLabel() => Assert.Equal([2, 0, 5], Dataset([2, 0, 5]).CountPerClass());

    [Fact]
    public void Split_AnyCounts_IsDisjointCompleteAndStratified() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 40).ListOf(3).ToArbitrary(),
        Gen.Choose(1, 99).ToArbitrary(),
        (counts, percent) =>
        {
            double fraction = percent / 100.0;
            ImageDataset dataset = Dataset([.. counts]);
            (ImageDataset train, ImageDataset validation) = dataset.Split(fraction, percent);
            AssertPartition(dataset, train, validation);
            int[] chosen = validation.CountPerClass();
            for (int label = 0; label < counts.Count; label++)
            {
                int count = counts[label];
                int expected = count < 2 ? 0 : Math.Clamp((int)Math.Round(count * fraction, MidpointRounding.AwayFromZero), 1, count - 1);
                Assert.Equal(expected, chosen[label]);
            }
        }));

    [Fact]
    public void HoldOutEveryNth_AnyCounts_IsDisjointCompleteAndPeriodic() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 40).ListOf(3).ToArbitrary(),
        Gen.Choose(2, 12).ToArbitrary(),
        (counts, n) =>
        {
            ImageDataset dataset = Dataset([.. counts]);
            (ImageDataset train, ImageDataset validation) = dataset.HoldOutEveryNth(n);
            AssertPartition(dataset, train, validation);
            Assert.Equal(counts.Select(count => (count + n - 1) / n), validation.CountPerClass());
        }));

    [Fact]
    public void Folds_AnyCounts_HoldEachImageOutOnceInEvenShares() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 40).ListOf(3).ToArbitrary(),
        Gen.Choose(2, 12).ToArbitrary(),
        (counts, folds) =>
        {
            ImageDataset dataset = Dataset([.. counts]);
            IReadOnlyList<(ImageDataset Train, ImageDataset HeldOut)> split = dataset.Folds(folds, folds);
            Assert.Equal(folds, split.Count);
            foreach ((ImageDataset train, ImageDataset heldOut) in split)
            {
                AssertPartition(dataset, train, heldOut);
                int[] chosen = heldOut.CountPerClass();
                for (int label = 0; label < counts.Count; label++)
                {
                    Assert.InRange(chosen[label], counts[label] / folds, (counts[label] + folds - 1) / folds);
                }
            }

            Assert.Equal(dataset.Samples.Select(sample => sample.Path).Order(), split.SelectMany(fold => fold.HeldOut.Samples).Select(sample => sample.Path).Order());

            // Many small classes do not all end up in the first folds.
            Assert.InRange(split.Max(fold => fold.HeldOut.Count) - split.Min(fold => fold.HeldOut.Count), 0, 1);
        }));

    [Fact]
    public void Split_SamplesInAnotherOrder_ChoosesTheSame()
    {
        ImageDataset dataset = Dataset([20, 30, 7]);
        var reversed = new ImageDataset(Names, dataset.Samples.Reverse());

        Assert.Equal(dataset.Split(0.2, 5).Validation.Samples, reversed.Split(0.2, 5).Validation.Samples);
        Assert.Equal(dataset.Split(0.2, 5).Train.Samples, reversed.Split(0.2, 5).Train.Samples);
        Assert.Equal(dataset.HoldOutEveryNth(3).Validation.Samples, reversed.HoldOutEveryNth(3).Validation.Samples);
    }

    [Fact]
    public void Split_OtherSeed_ChoosesOthers()
    {
        ImageDataset dataset = Dataset([50, 50, 50]);

        Assert.NotEqual(dataset.Split(0.2, 1).Validation.Samples, dataset.Split(0.2, 2).Validation.Samples);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void Split_FractionOutside_Throws(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Dataset([2, 2, 2]).Split(fraction, 1));

    [Fact]
    public void HoldOutEveryNth_BelowTwo_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => Dataset([2, 2, 2]).HoldOutEveryNth(1));

    [Fact]
    public void HoldOutEveryNth_Ten_TakesEveryTenthByOrdinalName()
    {
        ImageSample[] samples = [.. Enumerable.Range(0, 21).Select(i => new ImageSample($"{(i % 2 == 0 ? 'B' : 'a')}{i:00}.jpg", 0))];

        (_, ImageDataset validation) = new ImageDataset(["x"], samples).HoldOutEveryNth(10);

        // Upper case sorts first: B00, B02, ..., B20 (11 of them), then a01, ..., a19.
        Assert.Equal(["B00.jpg", "B20.jpg", "a19.jpg"], validation.Samples.Select(sample => sample.Path));
    }

    [Fact]
    public void WithClasses_OtherOrder_RelabelsByName()
    {
        ImageDataset relabeled = Dataset([1, 0, 2]).WithClasses(["c", "x", "a"]);

        Assert.Equal([2, 0, 0], relabeled.Samples.Select(sample => sample.Label));
        Assert.Equal(["c", "x", "a"], relabeled.ClassNames);
    }

    [Fact]
    public void WithClasses_MissingClass_ThrowsWithItsName()
    {
        var error = Assert.Throws<InvalidDatasetException>(() => Dataset([1, 0, 2]).WithClasses(["a", "b"]));

        Assert.Equal("The dataset has classes that are not expected: c; expected only a, b.", error.Message);
    }

    [Fact]
    public void TakePerClass_MoreThanThereAre_TakesTheFirstByPathAndKeepsTheClasses()
    {
        ImageDataset taken = Dataset([3, 0, 1]).TakePerClass(2);

        Assert.Equal(["a/000.jpg", "a/001.jpg", "c/000.jpg"], taken.Samples.Select(sample => sample.Path));
        Assert.Equal(Names, taken.ClassNames);
        Assert.Throws<ArgumentOutOfRangeException>(() => taken.TakePerClass(0));
    }

    private static void AssertPartition(ImageDataset whole, ImageDataset train, ImageDataset validation)
    {
        Assert.Equal(whole.ClassNames, train.ClassNames);
        Assert.Equal(whole.ClassNames, validation.ClassNames);
        Assert.Equal(
            whole.Samples.OrderBy(sample => sample.Path, StringComparer.Ordinal),
            train.Samples.Concat(validation.Samples).OrderBy(sample => sample.Path, StringComparer.Ordinal));
    }

    private static ImageDataset Dataset(int[] counts) => new(
        Names,
        counts.SelectMany((count, label) => Enumerable.Range(0, count).Select(i => new ImageSample($"{Names[label]}/{i:000}.jpg", label))));
}

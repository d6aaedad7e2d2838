namespace MLClassify.Trainers.Tests.Heads;

public sealed class HeadFoldsTests
{
    [Fact]
    public void Assign_ClassesOfAllSizes_DealsEachEvenly()
    {
        int[] counts = [1, 2, 3, 7, 23];
        int[] labels = [.. counts.SelectMany((count, label) => Enumerable.Repeat(label, count))];

        int[] folds = HeadFolds.Assign(labels, 6, 5, seed: 1);

        for (int label = 0; label < counts.Length; label++)
        {
            int[] own = [.. folds.Where((_, i) => labels[i] == label)];
            if (counts[label] == 1)
            {
                Assert.Equal([-1], own);
                continue;
            }

            int[] sizes = [.. Enumerable.Range(0, 5).Select(fold => own.Count(f => f == fold))];
            Assert.Equal(counts[label], sizes.Sum());
            Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        }

        Assert.Equal(folds, HeadFolds.Assign(labels, 6, 5, seed: 1));
        Assert.NotEqual(folds, HeadFolds.Assign(labels, 6, 5, seed: 2));
    }

    [Fact]
    public void Assign_Groups_AreInOneFoldAndTheOnlyOneOfAClassInNone()
    {
        ImageSample[] samples = [.. Enumerable.Range(0, 60).Select(i => new ImageSample($"{i:00}", i / 20) { Group = i < 40 ? $"{i / 4}" : "only" })];

        int[] folds = HeadFolds.Assign(samples, 5, seed: 1);

        Assert.All(samples.Zip(folds).GroupBy(pair => pair.First.Group), group => Assert.Single(group.Select(pair => pair.Second).Distinct()));
        Assert.All(folds[40..], fold => Assert.Equal(-1, fold));
        Assert.Equal([0, 1, 2, 3, 4], folds[..40].Distinct().Order());
    }
}

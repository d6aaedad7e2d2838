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
}

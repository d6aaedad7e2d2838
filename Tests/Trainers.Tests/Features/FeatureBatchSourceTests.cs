namespace MLClassify.Trainers.Tests.Features;

public sealed class FeatureBatchSourceTests
{
    private const int Count = 7;
    private readonly FeatureSet _features = new(Count, length: 2);

    public FeatureBatchSourceTests()
    {
        for (int i = 0; i < Count; i++)
        {
            _features.Add([i, 10 * i], new ImageSample($"{i}.png", i % 3));
        }
    }

    [Fact]
    public void Next_Epoch_BringsEverySampleOnceWithItsLabel()
    {
        using var source = new FeatureBatchSource(_features, batchSize: 3, seed: 1);
        Assert.Equal(3, source.Batches);
        int[] order = Read(source, epoch: 0, out int[] sizes);
        Assert.Equal([3, 3, 1], sizes);
        Assert.Equal(Enumerable.Range(0, Count), order.Order());
    }

    [Fact]
    public void Begin_Epochs_HaveOrdersOfTheirOwnThatTheSeedDecides()
    {
        using var source = new FeatureBatchSource(_features, batchSize: 3, seed: 1);
        using var same = new FeatureBatchSource(_features, batchSize: 4, seed: 1);
        int[] first = Read(source, epoch: 0, out _);
        Assert.NotEqual(first, Read(source, epoch: 1, out _));
        Assert.Equal(first, Read(source, epoch: 0, out _));
        Assert.Equal(first, Read(same, epoch: 0, out _));
    }

    [Fact]
    public void Begin_LaterBatch_GoesOnFromThere()
    {
        using var source = new FeatureBatchSource(_features, batchSize: 3, seed: 1);
        int[] all = Read(source, epoch: 2, out _);
        source.Begin(2, 1);
        SampleBatch batch = source.Next();
        Assert.Equal(3, batch.Count);
        Assert.Equal<IEnumerable<int>>(all[3..6], [(int)batch.Inputs[0], (int)batch.Inputs[2], (int)batch.Inputs[4]]);
        Assert.Equal<IEnumerable<int>>(all[3..6], batch.Indices.ToArray());
        Assert.Equal((1, 1, 0), (source.Current, source.Next().Count, source.Next().Count));
    }

    [Fact]
    public void Next_Balanced_DrawsClassesEquallyOften()
    {
        var features = new FeatureSet(20, length: 2);
        for (int i = 0; i < 20; i++)
        {
            features.Add([i, 10 * i], new ImageSample($"{i}.png", i < 17 ? 0 : 1));
        }

        using var source = new FeatureBatchSource(features, batchSize: 20, seed: 1, balance: true);
        source.Begin(0, 0);
        Assert.Equal(10, source.Next().Labels.ToArray().Count(l => l == 1));
    }

    private static int[] Read(FeatureBatchSource source, int epoch, out int[] sizes)
    {
        var order = new List<int>();
        var found = new List<int>();
        source.Begin(epoch, 0);
        while (true)
        {
            SampleBatch batch = source.Next();
            if (batch.Count == 0)
            {
                break;
            }

            found.Add(batch.Count);
            for (int i = 0; i < batch.Count; i++)
            {
                int index = (int)batch.Inputs[2 * i];
                Assert.Equal(10 * index, batch.Inputs[(2 * i) + 1]);
                Assert.Equal(index % 3, batch.Labels[i]);
                Assert.Equal(index, batch.Indices[i]);
                order.Add(index);
            }
        }

        sizes = [.. found];
        return [.. order];
    }
}

using MLClassify.Datasets;

namespace MLClassify.Trainers.Tests.Features;

public sealed class FeatureBatchSourceTests : IDisposable
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

    public void Dispose() => _features.Dispose();

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
        float[] input = new float[6];
        int[] labels = new int[3];
        source.Begin(2, 1);
        Assert.Equal(3, source.Next(input, labels));
        Assert.Equal<IEnumerable<int>>(all[3..6], [(int)input[0], (int)input[2], (int)input[4]]);
        float[] again = new float[6];
        source.Repeat(again);
        Assert.Equal(input, again);
        Assert.Equal((1, 1, 0), (source.Current, source.Next(input, labels), source.Next(input, labels)));
    }

    [Fact]
    public void Next_Balanced_DrawsClassesEquallyOften()
    {
        using var features = new FeatureSet(20, length: 2);
        for (int i = 0; i < 20; i++)
        {
            features.Add([i, 10 * i], new ImageSample($"{i}.png", i < 17 ? 0 : 1));
        }

        using var source = new FeatureBatchSource(features, batchSize: 20, seed: 1, balance: true);
        int[] labels = new int[20];
        source.Begin(0, 0);
        source.Next(new float[40], labels);
        Assert.Equal(10, labels.Count(l => l == 1));
    }

    private static int[] Read(FeatureBatchSource source, int epoch, out int[] sizes)
    {
        var order = new List<int>();
        var found = new List<int>();
        float[] input = new float[8];
        int[] labels = new int[4];
        source.Begin(epoch, 0);
        for (int count; (count = source.Next(input, labels)) > 0; found.Add(count))
        {
            for (int i = 0; i < count; i++)
            {
                int index = (int)input[2 * i];
                Assert.Equal(10 * index, input[(2 * i) + 1]);
                Assert.Equal(index % 3, labels[i]);
                order.Add(index);
            }
        }

        sizes = [.. found];
        return [.. order];
    }
}

using MLClassify.Preprocessing.Loading;

namespace MLClassify.Preprocessing.Tests.Loading;

public class BatchLoaderDataTests
{
    /// <summary>The decoder cases as a dataset: sound, unsupported and hostile files side by side.</summary>
    [DataFact]
    public void Epoch_DecoderCases_DeliversOrReportsEveryFile()
    {
        ImageFolder folder = ImageFolder.Open(SharedData.Path("images"));
        var options = new BatchLoaderOptions { BatchSize = 16, WorkerThreads = 2, CacheBytes = 0 };
        using var loader = new BatchLoader(folder.Dataset, new PreprocessingSpec { ResizeSize = 40, CropSize = 32 }, options);

        var delivered = new HashSet<string>(StringComparer.Ordinal);
        foreach (Batch batch in loader.Epoch(0))
        {
            foreach (int index in batch.Indices)
            {
                delivered.Add(folder.Samples[index].Path);
            }

            Assert.True(batch.Pixels.IndexOf(float.NaN) < 0);
        }

        var skipped = loader.Skipped.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(skipped);
        Assert.True(delivered.Count > skipped.Count);
        Assert.Equal(folder.Samples.Count, delivered.Count + skipped.Count);
        Assert.Empty(delivered.Intersect(skipped));
        Assert.All(loader.Skipped, file => Assert.False(string.IsNullOrWhiteSpace(file.Reason)));
    }
}

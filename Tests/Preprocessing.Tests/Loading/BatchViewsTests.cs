using MLClassify.Imaging;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Preprocessing.Tests.Loading;

public class BatchViewsTests
{
    private static readonly PreprocessingSpec Spec = new() { ResizeSize = 18, CropSize = 16 };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Epoch_SeveralViews_HoldsEachImagesOneAfterTheOther(int threads)
    {
        string[] paths = ["1", "damaged", "22", "3"];
        int decoded = 0;
        Image Decode(ImageSample sample)
        {
            Interlocked.Increment(ref decoded);
            return FakeImages.Decode(sample.Path);
        }

        using var loader = new BatchLoader(
            FakeImages.Dataset(paths),
            Spec,
            new BatchLoaderOptions { BatchSize = 3, WorkerThreads = threads, ImageViews = ImageView.TenCrop, CacheBytes = 0 },
            Decode);
        var preprocessor = new Preprocessor(Spec);
        float[] expected = new float[preprocessor.ValueCount];
        var seen = new List<string>();
        foreach (Batch batch in loader.Epoch(0))
        {
            Assert.Equal(10, batch.Views);
            Assert.Equal(batch.Count * 10 * expected.Length, batch.Pixels.Length);
            for (int i = 0; i < batch.Count; i++)
            {
                seen.Add(paths[batch.Indices[i]]);
                for (int v = 0; v < 10; v++)
                {
                    preprocessor.Apply(FakeImages.Decode(paths[batch.Indices[i]]), ImageView.TenCrop[v], expected);
                    Assert.Equal(expected, batch.Pixels.Slice(((i * 10) + v) * expected.Length, expected.Length).ToArray());
                }
            }
        }

        Assert.Equal(["1", "22", "3"], seen);
        Assert.Equal(4, decoded);
        Assert.Equal(10, loader.Views);
    }

    [Fact]
    public void BatchLoader_ViewsAndAugmentation_ExcludeEachOther()
    {
        var options = new BatchLoaderOptions { ImageViews = ImageView.FlipPair, Augmentation = AugmentationPolicy.Standard };

        var error = Assert.Throws<ArgumentException>(() => new BatchLoader(FakeImages.Dataset(2), Spec, options));

        Assert.Contains("'standard'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchLoader_NoView_Throws() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new BatchLoader(FakeImages.Dataset(2), Spec, new BatchLoaderOptions { ImageViews = [] }));
}

using MLClassify.Imaging;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Preprocessing.Tests.Loading;

public class DecodedImageCacheTests
{
    [Fact]
    public void Add_UntilFull_KeepsWhatFits()
    {
        var cache = new DecodedImageCache(4, 700);
        var big = new Image(10, 10);
        var small = new Image(5, 5);

        cache.Add(0, big);
        cache.Add(1, big);
        cache.Add(2, big);
        cache.Add(3, small);

        Assert.Same(big, cache.Find(0));
        Assert.Same(big, cache.Find(1));
        Assert.Null(cache.Find(2));
        Assert.Same(small, cache.Find(3));
        Assert.Equal(675, cache.Bytes);
    }

    [Fact]
    public void Add_SameIndexTwice_CountsItOnce()
    {
        var cache = new DecodedImageCache(1, 700);

        cache.Add(0, new Image(10, 10));
        cache.Add(0, new Image(10, 10));

        Assert.Equal(300, cache.Bytes);
    }

    [Fact]
    public void Add_NoCapacity_KeepsNothing()
    {
        var cache = new DecodedImageCache(1, 0);

        cache.Add(0, new Image(1, 1));

        Assert.Null(cache.Find(0));
    }
}

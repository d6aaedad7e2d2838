using MLClassify.Imaging.Encoding;
using MLClassify.Imaging.Exif;

namespace MLClassify.Imaging.Tests;

public sealed class LentImageTests
{
    private static readonly DecodeOptions Lending = new() { LendsPixels = true };

    [Theory]
    [InlineData("a.png", 33, 17)]
    [InlineData("a.jpg", 33, 17)]
    [InlineData("a.jpg", 640, 480)]
    public void Load_PixelsLent_AreTheSameEachTime(string name, int width, int height)
    {
        using var folder = new TemporaryFolder();
        foreach (int seed in new[] { 1, 2, 3 })
        {
            ImageEncoder.Save(folder[name], TestImages.Noise(width, height, seed));
            Image expected = Image.Decode(File.ReadAllBytes(folder[name]));

            Image lent = Image.Load(folder[name], Lending);

            Assert.True(lent.IsLent);
            Assert.Equal((width, height), (lent.Width, lent.Height));
            Assert.True(expected.Pixels.SequenceEqual(lent.Pixels));
            lent.Return();
            Assert.False(lent.IsLent);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void Apply_LentImage_GivesItBackAndLendsAnother(int orientation)
    {
        Image stored = TestImages.Noise(9, 5);
        Image expected = OrientationTransform.Apply(stored, orientation);
        Image lent = Image.Rent(9, 5);
        stored.Pixels.CopyTo(lent.Pixels);

        Image upright = OrientationTransform.Apply(lent, orientation);

        Assert.False(lent.IsLent);
        Assert.True(upright.IsLent);
        Assert.True(expected.Pixels.SequenceEqual(upright.Pixels));
    }

    [Fact]
    public void Return_OwnMemory_DoesNothing()
    {
        Image image = TestImages.Noise(4, 4);

        image.Return();

        Assert.Equal(48, image.Pixels.Length);
    }

    [Fact]
    public void Load_EmptyFile_IsNoImage()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["empty.png"], []);

        Assert.Throws<InvalidImageException>(() => Image.Load(folder["empty.png"]));
    }

    [Fact]
    public void Load_OneFileAfterTheOther_LeavesLittleToCollect()
    {
        using var folder = new TemporaryFolder();
        ImageEncoder.Save(folder["a.jpg"], TestImages.Scene(600, 400));
        Image.Load(folder["a.jpg"], Lending).Return();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Image.Load(folder["a.jpg"], Lending).Return();
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 10, 0, 64 << 10);
    }
}

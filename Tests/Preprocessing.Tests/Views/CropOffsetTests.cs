using MLClassify.Imaging;
using MLClassify.Imaging.Resizing;

namespace MLClassify.Preprocessing.Tests;

public class CropOffsetTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 4, 0)]
    [InlineData(0.1999, 4, 0)]
    [InlineData(0.2, 4, 1)]
    [InlineData(0.5, 4, 2)]
    [InlineData(0.9999, 4, 4)]
    [InlineData(1, 4, 4)]
    [InlineData(1, 0, 0)]
    public void Of_Share_GivesEveryPlaceTheSamePart(double share, long room, long expected) => Assert.Equal(expected, CropOffset.Of(share, room));

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Of_NoShare_Throws(double share)
    {
        var error = Assert.Throws<ArgumentException>(() => CropOffset.Of(share, 3));

        Assert.Contains("0 to 1", error.Message, StringComparison.Ordinal);
    }

    // The fused cut is the crop of the whole resized image.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.3, 0.8)]
    [InlineData(1, 1)]
    public void Apply_Offset_CutsTheResizedImage(double x, double y)
    {
        var spec = new PreprocessingSpec { ResizeSize = 24, CropSize = 16 };
        Image image = TestImages.Noise(60, 45);
        Image resized = ImageResizer.Resize(image, 32, 24);
        var at = new PixelRectangle((int)CropOffset.Of(x, 16), (int)CropOffset.Of(y, 8), 16, 16);
        float[] expected = new float[16 * 16 * 3];
        float[] found = new float[16 * 16 * 3];

        new Preprocessor(spec with { Resize = ResizeRule.None }).Apply(ImageCropper.Crop(resized, at), expected);
        new Preprocessor(spec).Apply(image, new ImageView { Offset = new CropOffset(x, y), Position = CropPosition.TopRight }, found);

        Assert.Equal(expected, found);
    }

    [Fact]
    public void Apply_ImageSmallerThanTheCrop_IsPaddedAllTheSame()
    {
        var preprocessor = new Preprocessor(new PreprocessingSpec { Resize = ResizeRule.None, CropSize = 16 });
        Image image = TestImages.Noise(10, 12);
        float[] expected = new float[preprocessor.ValueCount];
        float[] found = new float[preprocessor.ValueCount];

        preprocessor.Apply(image, expected);
        preprocessor.Apply(image, new ImageView { Offset = new CropOffset(0.9, 0.1) }, found);

        Assert.Equal(expected, found);
    }
}

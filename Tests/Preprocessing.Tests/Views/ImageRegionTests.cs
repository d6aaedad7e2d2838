using MLClassify.Imaging;

namespace MLClassify.Preprocessing.Tests;

public class ImageRegionTests
{
    // The short side of 512 becomes 256: the middle 224 of it are 448 of the image.
    [Theory]
    [InlineData(512, 512, 32, 32)]
    [InlineData(1024, 512, 288, 32)]
    [InlineData(512, 1024, 32, 288)]
    public void SeenBy_ShortSide_IsTheMiddle(int width, int height, double x, double y) =>
        Assert.Equal(new ImageRegion(x, y, 448, 448), ImageRegion.SeenBy(new PreprocessingSpec(), new Image(width, height)));

    [Fact]
    public void SeenBy_Stretch_IsAsTallAndWideAsTheImage()
    {
        var spec = new PreprocessingSpec { Resize = ResizeRule.Stretch, ResizeSize = 256, CropSize = 256 };
        Assert.Equal(new ImageRegion(0, 0, 700, 300), ImageRegion.SeenBy(spec, new Image(700, 300)));
    }

    [Fact]
    public void SeenBy_SmallerImageUnresized_ReachesBeyondIt()
    {
        var spec = new PreprocessingSpec { Resize = ResizeRule.None, CropSize = 32 };
        Assert.Equal(new ImageRegion(-6, 0, 32, 32), ImageRegion.SeenBy(spec, new Image(20, 32)));
    }

    // A bright spot somewhere in the image must lie in the network's input where the region says.
    [Theory]
    [InlineData(300, 200, 150, 100)]
    [InlineData(300, 200, 90, 40)]
    [InlineData(97, 411, 60, 230)]
    public void SeenBy_BrightSpot_IsWhereTheInputHasIt(int width, int height, int spotX, int spotY)
    {
        PreprocessingSpec spec = PreprocessingSpec.ImageNet(64).WithNormalization(Normalization.None);
        var image = new Image(width, height);
        for (int y = spotY - 3; y <= spotY + 3; y++)
        {
            image.Row(y).Slice(3 * (spotX - 3), 3 * 7).Fill(255);
        }

        float[] input = new float[64 * 64 * 3];
        new Preprocessor(spec).Apply(image, input);
        (double sum, double sumX, double sumY) = (0, 0, 0);
        for (int i = 0; i < 64 * 64; i++)
        {
            sum += input[3 * i];
            sumX += input[3 * i] * ((i % 64) + 0.5);
            sumY += input[3 * i] * ((i / 64) + 0.5);
        }

        ImageRegion region = ImageRegion.SeenBy(spec, image);

        // Resampling moves a spot's middle by less than a pixel of the input.
        Assert.Equal(spotX + 0.5, region.X + (sumX / sum / 64 * region.Width), region.Width / 64);
        Assert.Equal(spotY + 0.5, region.Y + (sumY / sum / 64 * region.Height), region.Height / 64);
    }
}

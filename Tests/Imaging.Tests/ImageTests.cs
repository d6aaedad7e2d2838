namespace MLClassify.Imaging.Tests;

public class ImageTests
{
    [Theory]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    public void Image_ImpossibleSize_Throws(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(width, height));

    [Fact]
    public void Image_PixelsOfOtherLength_ThrowsWithBothLengths()
    {
        var error = Assert.Throws<ArgumentException>(() => new Image(2, 2, new byte[11]));

        Assert.Contains("12", error.Message, StringComparison.Ordinal);
        Assert.Contains("11", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_SecondRow_IsItsPixels()
    {
        var image = new Image(1, 2, [1, 2, 3, 4, 5, 6]);

        Assert.Equal([4, 5, 6], image.Row(1).ToArray());
    }
}

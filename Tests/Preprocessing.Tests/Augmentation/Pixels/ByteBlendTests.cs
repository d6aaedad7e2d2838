using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Tests.Augmentation.Pixels;

public class ByteBlendTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(1.99)]
    [InlineData(11)]
    public void Of_AnyBytes_IsTheRoundedBlendWithinRange(double factor)
    {
        var blend = new ByteBlend(factor);
        for (int origin = 0; origin < 256; origin += 5)
        {
            for (int value = 0; value < 256; value++)
            {
                double expected = Math.Clamp(origin + (factor * (value - origin)), 0, 255);

                // One half, and the factor's rounding to 1/65536, halved, of up to 255 levels.
                Assert.Equal(expected, blend.Of(value, origin), 0.5 + (255 / 131072.0));
            }
        }
    }
}

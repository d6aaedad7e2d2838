using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Tests.Augmentation.Pixels;

public class HueRotationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void Apply_WholeTurn_ChangesNothing(double turn)
    {
        byte[] pixels = TestImages.Noise(40, 30).Pixels.ToArray();
        byte[] expected = [.. pixels];

        HueRotation.Apply(pixels, turn);

        Assert.Equal(expected, pixels);
    }

    // A third of the circle makes red green, green blue and blue red.
    [Fact]
    public void Apply_ThirdOfACircle_SwapsTheChannels()
    {
        byte[] pixels = TestImages.Noise(40, 30).Pixels.ToArray();
        byte[] expected = [.. pixels.Chunk(3).SelectMany(p => new[] { p[2], p[0], p[1] })];

        HueRotation.Apply(pixels, 1.0 / 3);

        Assert.Equal(expected, pixels);
    }

    [Fact]
    public void Apply_AnyTurn_KeepsValueAndChroma()
    {
        for (double turn = -0.5; turn <= 0.5; turn += 0.037)
        {
            byte[] source = TestImages.Noise(20, 20).Pixels.ToArray();
            byte[] pixels = [.. source];
            HueRotation.Apply(pixels, turn);
            for (int i = 0; i < pixels.Length; i += 3)
            {
                Assert.Equal(source.AsSpan(i, 3).ToArray().Max(), pixels.AsSpan(i, 3).ToArray().Max());
                Assert.Equal(source.AsSpan(i, 3).ToArray().Min(), pixels.AsSpan(i, 3).ToArray().Min());
            }
        }
    }
}

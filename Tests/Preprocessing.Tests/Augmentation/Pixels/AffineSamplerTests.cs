using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Tests.Augmentation.Pixels;

public class AffineSamplerTests
{
    private static readonly RgbColor Fill = new(1, 2, 3);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(0, -4)]
    [InlineData(-5, 2)]
    [InlineData(30, 0)]
    [InlineData(-16, 13)]
    public void Apply_WholeTranslation_IsExactlyTheShift(int right, int down)
    {
        byte[] sampled = TestImages.Noise(17, 14).Pixels.ToArray();
        byte[] shifted = [.. sampled];

        AffineSampler.Apply(sampled, 17, 14, AffineMap.Translation(right, down), Fill);
        PixelShift.Apply(shifted, 17, 14, right, down, Fill);

        Assert.Equal(shifted, sampled);
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(15, 15)]
    [InlineData(15, 8)]
    public void Apply_HalfTurn_ReversesThePixelsExactly(int width, int height)
    {
        byte[] pixels = TestImages.Noise(width, height).Pixels.ToArray();
        byte[] expected = [.. pixels.Chunk(3).Reverse().SelectMany(p => p)];

        AffineSampler.Apply(pixels, width, height, AffineMap.Rotation(180, width, height), Fill);

        Assert.Equal(expected, pixels);
    }

    [Fact]
    public void Apply_QuarterTurns_ComeBackAfterFour()
    {
        byte[] image = TestImages.Noise(15, 15).Pixels.ToArray();
        byte[] pixels = [.. image];
        for (int i = 0; i < 4; i++)
        {
            AffineSampler.Apply(pixels, 15, 15, AffineMap.Rotation(90, 15, 15), Fill);
            Assert.Equal(i == 3, pixels.AsSpan().SequenceEqual(image));
        }
    }

    // Against the definition in real numbers: bilinear between pixel centers, the outermost going on, the fill where a center lies outside.
    [Theory]
    [InlineData(0.8, 0.3, 1.2, -0.4, 0.9, 2.1)]
    [InlineData(1.7, 0, -2.5, 0.2, 0.4, 3)]
    [InlineData(-1.1, 0.5, 12, 0.3, -0.6, 9)]
    public void Apply_AnyMap_IsTheDefinition(double xx, double xy, double x0, double yx, double yy, double y0)
    {
        const int Width = 19;
        const int Height = 13;
        byte[] source = TestImages.Noise(Width, Height).Pixels.ToArray();
        byte[] result = [.. source];

        AffineSampler.Apply(result, Width, Height, new AffineMap(xx, xy, x0, yx, yy, y0), Fill);

        for (int i = 0; i < result.Length; i++)
        {
            double x = (i / 3 % Width) + 0.5;
            double y = (i / 3 / Width) + 0.5;
            double expected = Sample((xx * x) + (xy * y) + x0, (yx * x) + (yy * y) + y0, i % 3);

            // One half for the byte; weights of 1/2048 are off by half of that, twice, of up to 255 levels.
            Assert.Equal(expected, result[i], 0.5 + (2 * 255 / 4096.0));
        }

        double Sample(double x, double y, int channel)
        {
            if (x < 0 || y < 0 || x >= Width || y >= Height)
            {
                return channel + 1;
            }

            double left = Math.Floor(x - 0.5);
            double top = Math.Floor(y - 0.5);
            double wx = x - 0.5 - left;
            double wy = y - 0.5 - top;
            return ((1 - wy) * (((1 - wx) * At(left, top)) + (wx * At(left + 1, top))))
                + (wy * (((1 - wx) * At(left, top + 1)) + (wx * At(left + 1, top + 1))));

            double At(double column, double line) =>
                source[(3 * (((int)Math.Clamp(line, 0, Height - 1) * Width) + (int)Math.Clamp(column, 0, Width - 1))) + channel];
        }
    }
}

using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class PcaLightingTests
{
    // Each channel's deviation is 255 sigma sqrt(sum (p_i lambda_i)^2): 31.7, 32.2 and 32.6 levels at sigma 1.
    [Fact]
    public void Apply_ManyDraws_HasThePapersMeanAndDeviation()
    {
        byte[] image = AugmentationRuns.Flat(1, 1, 128);
        byte[][] results = [.. Enumerable.Range(0, 4000).Select(i => AugmentationRuns.Run(new PcaLighting(0.5), image, 1, 1, i))];
        double[] expected = [15.83, 16.12, 16.28];
        for (int c = 0; c < 3; c++)
        {
            double mean = results.Average(r => r[c] - 128.0);
            double deviation = Math.Sqrt(results.Average(r => Math.Pow(r[c] - 128.0 - mean, 2)));

            // Five standard errors: of the mean 16/sqrt(4000), of the deviation that over sqrt(2).
            Assert.InRange(mean, -1.27, 1.27);
            Assert.InRange(deviation, expected[c] - 0.9, expected[c] + 0.9);
        }
    }

    [Fact]
    public void Apply_LargestSigma_DoesNotWrapAround()
    {
        byte[] image = [0, 0, 0, 255, 255, 255];
        for (int i = 0; i < 300; i++)
        {
            byte[] result = AugmentationRuns.Run(new PcaLighting(PcaLighting.MaxSigma), image, 2, 1, i);
            Assert.True(result[0] <= result[3] && result[1] <= result[4] && result[2] <= result[5], $"draw {i}");
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(10.1)]
    [InlineData(double.NaN)]
    public void PcaLighting_OutOfRange_Throws(double sigma) => Assert.Throws<ArgumentOutOfRangeException>(() => new PcaLighting(sigma));
}

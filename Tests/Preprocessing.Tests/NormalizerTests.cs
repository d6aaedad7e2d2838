namespace MLClassify.Preprocessing.Tests;

public class NormalizerTests
{
    // Below, at and above the run of 24 bytes; every length a whole number of pixels.
    [Theory]
    [InlineData(3)]
    [InlineData(21)]
    [InlineData(24)]
    [InlineData(27)]
    [InlineData(48)]
    [InlineData(75)]
    [InlineData(768)]
    public void Apply_AnyLength_IsTheFormula(int length)
    {
        var spec = new PreprocessingSpec();
        byte[] pixels = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 37))];
        float[] result = new float[length];

        new Normalizer(spec).Apply([.. pixels], result);

        float[] mean = spec.Mean.ToArray();
        float[] std = spec.Std.ToArray();
        for (int i = 0; i < length; i++)
        {
            // Factor, offset, product and sum are rounded once each, at magnitudes below 4.5 (255 * scale / std) and 2.2 (mean / std).
            Assert.Equal(((pixels[i] / 255.0) - mean[i % 3]) / std[i % 3], result[i], 4 * 4.5 * Math.Pow(2, -24));
        }
    }

    [Fact]
    public void Apply_Bgr_SwapsChannelsWithTheirOwnNormalization()
    {
        var spec = new PreprocessingSpec
        {
            ChannelOrder = ChannelOrder.Bgr,
            Scale = 1,
            Mean = new ChannelValues(1, 2, 3),
            Std = new ChannelValues(1, 2, 4),
        };
        float[] result = new float[6];

        new Normalizer(spec).Apply([11, 22, 43, 1, 2, 3], result);

        Assert.Equal([10f, 10f, 10f, 0f, 0f, 0f], result);
    }
}

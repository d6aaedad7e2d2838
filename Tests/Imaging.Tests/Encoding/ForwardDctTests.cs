using MLClassify.Imaging.Encoding;

namespace MLClassify.Imaging.Tests.Encoding;

public class ForwardDctTests
{
    // Two products of length 8 on values up to 128 * 8: 16 roundings of at most 1024 * 2^-24 each, and the basis' own rounding.
    private const float Tolerance = 2 * 16 * 1024 * 6e-8f;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Transform_RandomBlock_MatchesTheDefinition(int seed)
    {
        var random = new Random(seed);
        float[] samples = [.. Enumerable.Range(0, 64).Select(_ => (float)random.Next(-128, 128))];
        float[] block = [.. samples];

        ForwardDct.Transform(block);

        for (int v = 0; v < 8; v++)
        {
            for (int u = 0; u < 8; u++)
            {
                Assert.Equal(Definition(samples, u, v), block[(8 * v) + u], Tolerance);
            }
        }
    }

    [Fact]
    public void Transform_ConstantBlock_HasOnlyTheMean()
    {
        float[] block = new float[64];
        Array.Fill(block, 100f);

        ForwardDct.Transform(block);

        Assert.Equal(800f, block[0], Tolerance);
        Assert.All(block.Skip(1), coefficient => Assert.Equal(0f, coefficient, Tolerance));
    }

    /// <summary>T.81 A.3.3, term by term.</summary>
    private static float Definition(float[] samples, int u, int v)
    {
        double sum = 0;
        for (int y = 0; y < 8; y++)
        {
            for (int x = 0; x < 8; x++)
            {
                sum += samples[(8 * y) + x] * Math.Cos(((2 * x) + 1) * u * Math.PI / 16) * Math.Cos(((2 * y) + 1) * v * Math.PI / 16);
            }
        }

        double scaleU = u == 0 ? Math.Sqrt(0.5) : 1;
        double scaleV = v == 0 ? Math.Sqrt(0.5) : 1;
        return (float)(0.25 * scaleU * scaleV * sum);
    }
}

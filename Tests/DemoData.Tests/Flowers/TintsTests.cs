using System.Numerics;
using MLClassify.DemoData.Flowers;

namespace MLClassify.DemoData.Tests.Flowers;

public class TintsTests
{
    [Theory]
    [InlineData(0, 1, 0, 0)]
    [InlineData(60, 1, 1, 0)]
    [InlineData(120, 0, 1, 0)]
    [InlineData(240, 0, 0, 1)]
    [InlineData(-60, 1, 0, 1)]
    public void FromHsv_PureHues_ArePureColors(float hue, float red, float green, float blue) =>
        Assert.True(Vector3.Distance(new Vector3(red, green, blue), Tints.FromHsv(hue, 1, 1)) < 1e-4f);

    [Fact]
    public void FromHsv_NoSaturation_IsGray()
    {
        Vector3 gray = Tints.FromHsv(200, 0, 0.5f);

        Assert.Equal(gray.X, gray.Y);
        Assert.Equal(gray.X, gray.Z);
        Assert.Equal(MathF.Pow(0.5f, 2.2f), gray.X, 1e-6f);
    }
}

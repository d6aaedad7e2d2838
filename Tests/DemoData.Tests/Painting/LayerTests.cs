using System.Numerics;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Tests.Painting;

public class LayerTests
{
    [Theory]
    [InlineData(0.7f)]
    [InlineData(2f)]
    [InlineData(3.3f)]
    public void Blur_SinglePoint_KeepsTheLightAndSpreadsByTheDeviation(float deviation)
    {
        var layer = new Layer(41, 41);
        layer.Pixels[(20 * 41) + 20] = Vector4.One;

        layer.Blur(deviation);

        double sum = 0, spread = 0;
        for (int i = 0; i < layer.Pixels.Length; i++)
        {
            sum += layer.Pixels[i].X;
            spread += layer.Pixels[i].X * (((i % 41) - 20) * ((i % 41) - 20));
        }

        Assert.Equal(1, sum, 1e-4);
        Assert.Equal(deviation, Math.Sqrt(spread), 1e-3);
    }

    [Fact]
    public void Cover_HalfTransparentSheet_MixesEqually()
    {
        var lower = new Layer(1, 1);
        lower.Pixels[0] = new Vector4(1, 0, 0, 1);
        var upper = new Layer(1, 1);
        upper.Pixels[0] = new Vector4(0, 0.5f, 0, 0.5f);

        lower.Cover(upper);

        Assert.Equal(new Vector4(0.5f, 0.5f, 0, 1), lower.Pixels[0]);
    }

    [Fact]
    public void Shrink_TwoByTwo_Averages()
    {
        var layer = new Layer(2, 2);
        layer.Pixels[3] = Vector4.One;

        Assert.Equal(new Vector4(0.25f), Assert.Single(layer.Shrink(2).Pixels));
    }
}

using System.Numerics;
using MLClassify.DemoData.Flowers;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Tests.Painting;

public class ShadowMapTests
{
    [Fact]
    public void Visibility_BehindAndBesideABall_IsDarkAndOpen()
    {
        var material = new PlainMaterial(Vector3.One, new Noise(1));
        Patch ball = PlantShapes.Ball(new Vector3(0, 0, 50), Vector3.UnitZ, 20, 1, material);
        Patch ground = Patch.Sample(2, 2, material, (u, v) => new Vector3((u * 200) - 100, v * 100, 0));

        var shadows = new ShadowMap([ball, ground], Vector3.UnitZ);

        Assert.Equal(0, shadows.Visibility(Vector3.Zero));
        Assert.Equal(1, shadows.Visibility(new Vector3(60, 0, 0)));
        Assert.Equal(1, shadows.Visibility(new Vector3(0, 0, 70)));
    }
}

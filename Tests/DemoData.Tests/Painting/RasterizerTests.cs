using System.Numerics;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Tests.Painting;

public class RasterizerTests
{
    [Fact]
    public void Fill_EitherWayRound_CoversTheSameSamples()
    {
        Vector3 a = new(1.2f, 0.7f, 0), b = new(17.9f, 5.1f, 0), c = new(6.4f, 18.3f, 0);

        Assert.Equal(Covered(a, b, c), Covered(a, c, b));
    }

    [Fact]
    public void Fill_LargeTriangle_CoversItsArea()
    {
        int covered = Covered(new(0, 0, 0), new(20, 0, 0), new(0, 20, 0)).Count(count => count == 1);

        // Half of 20 x 20 samples, and the 20 samples whose centers the diagonal meets: rounding decides about those.
        Assert.InRange(covered, 190, 210);
    }

    [Fact]
    public void Fill_OutsideTheImage_TouchesNothing() =>
        Assert.All(Covered(new(-30, -30, 0), new(-2, -30, 0), new(-30, -2, 0)), count => Assert.Equal(0, count));

    [Fact]
    public void Fill_Depth_IsInterpolated()
    {
        var target = new DepthTarget(new float[400]);

        Rasterizer.Fill(new(0, 0, 0), new(40, 0, 40), new(0, 40, 0), 20, 20, ref target);

        // Depth equals x by construction; sample centers lie at half pixels.
        Assert.Equal(7.5f, target.Depths[(5 * 20) + 7], 1e-4f);
    }

    private static int[] Covered(Vector3 a, Vector3 b, Vector3 c)
    {
        var target = new CountTarget(new int[400]);
        Rasterizer.Fill(a, b, c, 20, 20, ref target);
        return target.Counts;
    }

    private readonly struct CountTarget(int[] counts) : IFragmentTarget
    {
        public int[] Counts { get; } = counts;

        public void Add(int index, float depth, float weightA, float weightB, float weightC) => Counts[index]++;
    }

    private readonly struct DepthTarget(float[] depths) : IFragmentTarget
    {
        public float[] Depths { get; } = depths;

        public void Add(int index, float depth, float weightA, float weightB, float weightC) => Depths[index] = depth;
    }
}

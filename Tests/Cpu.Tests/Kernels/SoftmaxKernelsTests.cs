using MLClassify.Engines.Cpu.Kernels;

namespace MLClassify.Engines.Cpu.Tests;

public class SoftmaxKernelsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1f)]
    public void CrossEntropy_SmoothedOrNot_MatchesDefinitionAndCentralDifferences(float smoothing)
    {
        float[] logits = [0.3f, -1.2f, 2.1f, 0.8f];
        float[] gradient = new float[4];
        double loss = SoftmaxKernels.CrossEntropy(logits, 1, smoothing, gradient, 0.25, out bool correct);
        Assert.False(correct);
        Assert.Equal(Definition([.. logits.Select(v => (double)v)], 1, smoothing), loss, 1e-12);
        for (int i = 0; i < 4; i++)
        {
            double[] above = [.. logits.Select((v, j) => v + (i == j ? 1e-5 : 0))];
            double[] below = [.. logits.Select((v, j) => v - (i == j ? 1e-5 : 0))];
            double slope = (Definition(above, 1, smoothing) - Definition(below, 1, smoothing)) / 2e-5;
            Assert.Equal(slope * 0.25, gradient[i], 1e-7);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1f)]
    public void CrossEntropy_DistributionOfALabel_IsThatOfTheLabel(float smoothing)
    {
        float[] logits = [0.3f, -1.2f, 2.1f, 0.8f];
        float[] target = [.. Enumerable.Range(0, 4).Select(i => (smoothing / 4) + (i == 2 ? 1 - smoothing : 0))];
        float[] expected = new float[4];
        float[] gradient = new float[4];
        double loss = SoftmaxKernels.CrossEntropy(logits, 2, smoothing, expected, 0.25, out _);
        Assert.Equal(loss, SoftmaxKernels.CrossEntropy(logits, target, gradient, 0.25, out bool correct), 1e-6);
        Assert.True(correct);
        Assert.All(expected.Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-7f));
    }

    // A row's sum is the sample's weight: loss and gradient are linear in the row.
    [Fact]
    public void CrossEntropy_WeightedMixture_IsTheSumOfItsParts()
    {
        float[] logits = [0.3f, -1.2f, 2.1f];
        float[] sum = new float[3];
        double expected = 0;
        foreach ((int label, float share) in new[] { (0, 1.5f), (2, 0.5f) })
        {
            float[] part = new float[3];
            expected += share * SoftmaxKernels.CrossEntropy(logits, label, 0, part, 1, out _);
            for (int i = 0; i < 3; i++)
            {
                sum[i] += share * part[i];
            }
        }

        float[] gradient = new float[3];
        Assert.Equal(expected, SoftmaxKernels.CrossEntropy(logits, [1.5f, 0, 0.5f], gradient, 1, out bool correct), 1e-6);
        Assert.False(correct);
        Assert.All(sum.Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void CrossEntropy_DistributionAndLogitThatIsNoNumber_IsNotHidden()
    {
        Assert.True(double.IsNaN(SoftmaxKernels.CrossEntropy([1, float.NaN, 2], [1, 0, 0], [], 1, out _)));
        Assert.Equal(0, SoftmaxKernels.CrossEntropy([1, float.NegativeInfinity], [1, 0], [], 1, out _));
    }

    [Fact]
    public void CrossEntropy_HugeLogits_IsFiniteAndRight()
    {
        float[] gradient = new float[2];
        Assert.Equal(0, SoftmaxKernels.CrossEntropy([1e38f, -1e38f], 0, 0, gradient, 1, out bool correct));
        Assert.True(correct);
        Assert.Equal([0, 0], gradient);
        Assert.Equal(2.0 * 1e38f, SoftmaxKernels.CrossEntropy([1e38f, -1e38f], 1, 0, gradient, 1, out correct));
        Assert.False(correct);
        Assert.Equal([1, -1], gradient);
    }

    [Fact]
    public void CrossEntropy_MinusInfinityElsewhere_IsFinite()
    {
        float[] gradient = new float[3];
        double loss = SoftmaxKernels.CrossEntropy([float.NegativeInfinity, 0, 0], 1, 0, gradient, 1, out _);
        Assert.Equal(Math.Log(2), loss, 1e-12);
        Assert.Equal([0, -0.5f, 0.5f], gradient);
    }

    [Fact]
    public void CrossEntropy_NotANumber_IsNotHidden()
    {
        float[] gradient = new float[3];
        Assert.True(double.IsNaN(SoftmaxKernels.CrossEntropy([0, float.NaN, 0], 2, 0, gradient, 1, out _)));
        Assert.All(gradient, v => Assert.True(float.IsNaN(v)));
    }

    [Fact]
    public void CrossEntropy_Ties_FirstCounts()
    {
        SoftmaxKernels.CrossEntropy([1, 1], 0, 0, [], 1, out bool first);
        SoftmaxKernels.CrossEntropy([1, 1], 1, 0, [], 1, out bool second);
        Assert.True(first);
        Assert.False(second);
    }

    private static double Definition(double[] logits, int label, double smoothing)
    {
        double logSum = Math.Log(logits.Sum(Math.Exp));
        return -logits.Select((v, i) => ((smoothing / logits.Length) + (i == label ? 1 - smoothing : 0)) * (v - logSum)).Sum();
    }
}

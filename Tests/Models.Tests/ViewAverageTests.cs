using MLClassify.Common;

namespace MLClassify.Models.Tests;

public class ViewAverageTests
{
    [Fact]
    public void Write_RandomLogits_HasTheMeanProbabilitiesAsItsSoftmax()
    {
        for (int i = 0; i < 200; i++)
        {
            var random = new CounterRandom(1, 0, i);
            int views = 1 + random.NextInt(12);
            int classes = 1 + random.NextInt(7);
            float[] logits = new float[views * classes];
            for (int k = 0; k < logits.Length; k++)
            {
                logits[k] = (float)random.NextDouble(-20, 20);
            }

            float[] average = new float[classes];
            ViewAverage.Write(logits, average);

            double[] expected = new double[classes];
            for (int v = 0; v < views; v++)
            {
                double[] probabilities = Softmax(logits.AsSpan(v * classes, classes));
                for (int c = 0; c < classes; c++)
                {
                    expected[c] += probabilities[c] / views;
                }
            }

            // A logarithm down to -40 in 24 bits: off by 2e-6, and so is the share, relatively.
            double[] found = Softmax(average);
            for (int c = 0; c < classes; c++)
            {
                Assert.Equal(1, found[c] / expected[c], 1e-5);
            }
        }
    }

    [Fact]
    public void Write_OneView_HasItsSoftmax()
    {
        float[] average = new float[3];
        ViewAverage.Write([1, 2, 4], average);
        Assert.All(Softmax([1, 2, 4]).Zip(Softmax(average)), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
    }

    [Fact]
    public void Write_ViewsSwapped_GivesTheSameBits()
    {
        float[] first = new float[3];
        float[] second = new float[3];
        ViewAverage.Write([1.3f, 2.7f, -4.1f, 0.2f, 7.7f, 3.1f], first);
        ViewAverage.Write([0.2f, 7.7f, 3.1f, 1.3f, 2.7f, -4.1f], second);
        Assert.Equal(first, second);
    }

    // Probabilities 0.731 and 0.982 for class 0, then 0.0003: their mean is 0.57. The mean logit, (1 + 4 - 8) / 3, would say class 1.
    [Fact]
    public void Write_ViewsDisagree_AveragesProbabilitiesNotLogits()
    {
        float[] average = new float[2];
        ViewAverage.Write([1, 0, 4, 0, -8, 0], average);
        Assert.Equal(0.571, Softmax(average)[0], 1e-3);
    }

    [Fact]
    public void Write_HugeLogits_StaysFiniteAndKeepsTheOrder()
    {
        float[] average = new float[3];
        ViewAverage.Write([3e38f, -3e38f, 0, 3e38f, -3e38f, 0], average);
        Assert.Equal(0, average[0]);
        Assert.True(average[0] > average[2] && average[2] > average[1]);
    }

    [Fact]
    public void Write_ClassExcludedInEveryView_StaysExcluded()
    {
        float[] average = new float[2];
        ViewAverage.Write([0, float.NegativeInfinity, 5, float.NegativeInfinity], average);
        Assert.Equal([0, float.NegativeInfinity], average);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Write_ViewWithoutASoftmax_IsUndefined(float value)
    {
        float[] average = new float[2];
        ViewAverage.Write([0, 1, value, 1], average);
        Assert.All(average, v => Assert.Equal(float.NaN, v));
        ViewAverage.Write([0, 1, float.NegativeInfinity, float.NegativeInfinity], average);
        Assert.All(average, v => Assert.Equal(float.NaN, v));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(5, 2)]
    [InlineData(2, 0)]
    public void Write_NoWholeViews_Throws(int logits, int classes) =>
        Assert.Throws<ArgumentException>(() => ViewAverage.Write(new float[logits], new float[classes]));

    private static double[] Softmax(ReadOnlySpan<float> logits)
    {
        double largest = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        double[] result = new double[logits.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = Math.Exp(logits[i] - largest);
        }

        double sum = result.Sum();
        return [.. result.Select(r => r / sum)];
    }
}

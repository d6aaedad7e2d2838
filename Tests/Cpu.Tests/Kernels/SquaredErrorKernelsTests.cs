using MLClassify.Engines.Cpu.Kernels;

namespace MLClassify.Engines.Cpu.Tests;

public class SquaredErrorKernelsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void MeanSquaredError_AnyLength_MatchesDefinition(int length)
    {
        var random = new Random(length);
        float[] outputs = [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 4) - 2))];
        float[] targets = [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 4) - 2))];
        float[] gradient = new float[length];

        double loss = SquaredErrorKernels.MeanSquaredError(outputs, targets, gradient, 0.25);

        double expected = outputs.Zip(targets, (y, t) => ((double)y - t) * ((double)y - t)).Average();
        Assert.Equal(expected, loss, 1e-12);
        for (int i = 0; i < length; i++)
        {
            Assert.Equal((float)(0.25 * 2 * ((double)outputs[i] - targets[i]) / length), gradient[i], 1e-7f);
        }

        Assert.Equal(loss, SquaredErrorKernels.MeanSquaredError(outputs, targets, [], 0.25));
    }

    [Fact]
    public void MeanSquaredError_NotANumber_IsNotHidden() =>
        Assert.True(double.IsNaN(SquaredErrorKernels.MeanSquaredError([1, float.NaN], [1, 2], [], 1)));
}

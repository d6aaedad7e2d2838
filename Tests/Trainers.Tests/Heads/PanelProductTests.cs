namespace MLClassify.Trainers.Tests.Heads;

public sealed class PanelProductTests
{
    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(5, 7, false)]
    [InlineData(6, 1, true)]
    [InlineData(13, 50, false)]
    [InlineData(13, 50, true)]
    public void MultiplyAdd_AnySize_AddsTheProduct(int rows, int depth, bool isTransposed)
    {
        int width = PanelProduct.Width;
        (int rowStride, int stepStride) = isTransposed ? (1, rows + 3) : (depth + 3, 1);
        var random = new Common.CounterRandom(4);
        float[] matrix = new float[Math.Max(rows, depth) * (Math.Max(rows, depth) + 3)];
        float[] panel = new float[depth * width];
        float[] product = new float[rows * width];
        foreach (float[] values in new[] { matrix, panel, product })
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)random.NextDouble(-1, 1);
            }
        }

        double[] expected = new double[rows * width];
        for (int i = 0; i < expected.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, width);
            expected[i] = product[i] + Enumerable.Range(0, depth).Sum(p => (double)matrix[(row * rowStride) + (p * stepStride)] * panel[(p * width) + column]);
        }

        PanelProduct.MultiplyAdd(matrix, rowStride, stepStride, rows, depth, panel, product);

        // Products of at most 1, depth + 1 roundings of sums of at most depth + 1.
        double tolerance = (depth + 1) * (depth + 1) * 6e-8;
        Assert.All(expected.Zip(product), v => Assert.Equal(v.First, v.Second, tolerance));
    }

    [Fact]
    public void MultiplyAdd_TooSmall_Throws()
    {
        int width = PanelProduct.Width;
        Assert.Throws<ArgumentOutOfRangeException>(() => PanelProduct.MultiplyAdd(new float[5], 3, 1, 2, 3, new float[3 * width], new float[2 * width]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PanelProduct.MultiplyAdd(new float[6], 3, 1, 2, 3, new float[(3 * width) - 1], new float[2 * width]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PanelProduct.MultiplyAdd(new float[6], 3, 1, 2, 3, new float[3 * width], new float[(2 * width) - 1]));
    }
}

namespace MLClassify.Graphs.Tests;

public class MapPositionsTests
{
    // He et al. 2015: 7x7 of stride 2 with a border of 3, pooling 3x3 of stride 2 with a border of 1, then 3x3 of stride 2 three times.
    [Fact]
    public void Of_ResNetsStrides_BeginsAtTheEdge()
    {
        var b = GraphBuilder.For("tested", new Shape(224, 224, 3));
        Node x = b.MaxPool(b.Relu(b.Convolution(b.Input, "stem", 4, 7, 2, 3), "relu"), "pool", 3, 2, 1);
        for (int i = 0; i < 3; i++)
        {
            Node y = b.Convolution(x, $"conv{i}", 4, 3, 2, 1);
            x = b.Add(y, b.Convolution(x, $"down{i}", 4, 1, 2), $"sum{i}");
        }

        Assert.Equal(new MapPositions(new AxisPositions(0.5, 32), new AxisPositions(0.5, 32)), MapPositions.Of(x));
    }

    [Fact]
    public void Of_AlexNetsStrides_CountsBordersThatAreMissing()
    {
        var b = GraphBuilder.For("tested", new Shape(224, 224, 3));
        Node x = b.MaxPool(b.Convolution(b.Input, "conv1", 4, 11, 4, 2), "pool1", 3, 2);
        x = b.MaxPool(b.Convolution(x, "conv2", 4, 5, 1, 2), "pool2", 3, 2);

        // 3.5 (the first filter's middle, less its border), plus 4 and 8 (half a window of 3).
        Assert.Equal(new AxisPositions(15.5, 16), MapPositions.Of(x).Rows);
    }

    [Fact]
    public void Of_WindowsWithoutOverlap_AreTheirMiddles()
    {
        var b = GraphBuilder.For("tested", new Shape(12, 8, 3));
        Node x = b.AdaptiveAveragePool(b.AveragePool(b.Input, "pool", 2, 2), "adaptive", 3, 1);

        Assert.Equal(new MapPositions(new AxisPositions(2, 4), new AxisPositions(4, 8)), MapPositions.Of(x));
    }

    [Fact]
    public void Of_Input_IsEveryPixel()
    {
        var b = GraphBuilder.For("tested", new Shape(4, 4, 3));

        Assert.Equal(new MapPositions(new AxisPositions(0.5, 1), new AxisPositions(0.5, 1)), MapPositions.Of(b.Input));
    }
}

using MLClassify.Benchmarks.Convolutions;
using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.Benchmarks.Tests.Convolutions;

public class ShapeFileTests
{
    private const string Columns = "label height width inputs outputs kernel stride padding groups one two\n";

    [Fact]
    public void Parse_Line_GivesSizesAndCounts()
    {
        ShapeFile file = ShapeFile.Parse("# a comment\n\n" + Columns + "net.conv1  14 15  6 8  3 2 1  2   0 4 # another\r\n", "test");

        Assert.Equal(["one", "two"], file.Networks);
        ConvolutionShape shape = Assert.Single(file.Shapes);
        Assert.Equal("net.conv1", shape.Label);
        Assert.Equal([0, 4], shape.Counts);
        ConvolutionGeometry g = shape.Geometry(5);
        Assert.Equal((5, 14, 15, 6), (g.Batch, g.InputHeight, g.InputWidth, g.InputChannels));
        Assert.Equal((7, 8, 8), (g.OutputHeight, g.OutputWidth, g.OutputChannels));
        Assert.Equal((3, 3, 2, 2, 1, 1, 2), (g.KernelHeight, g.KernelWidth, g.StrideY, g.StrideX, g.PaddingTop, g.PaddingLeft, g.Groups));
        Assert.Equal(2L * 5 * 7 * 8 * 8 * 3 * 9, shape.Flops(5));
    }

    [Theory]
    [InlineData("", "no convolution")]
    [InlineData(Columns, "no convolution")]
    [InlineData("name height\n", "test:1: expected the columns")]
    [InlineData(Columns + "x 1 1 1 1 1 1 0 1 1\n", "test:2: expected 11 columns, got 10")]
    [InlineData(Columns + "x 1 1 1 1 1 -1 0 1 1 1\n", "test:2: expected a whole number, got '-1'")]
    [InlineData(Columns + "x 1 1 0 1 1 1 0 1 1 1\n", "test:2: every size")]
    [InlineData(Columns + "x 2 2 1 1 3 1 0 1 1 1\n", "test:2: the filter is larger")]
    [InlineData(Columns + "x 4 4 3 4 3 1 0 2 1 1\n", "test:2: the filter is larger")]
    public void Parse_BadText_NamesTheLine(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => ShapeFile.Parse(text, "test")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_OwnList_HoldsExactlyTheNetworksConvolutions()
    {
        ShapeFile file = ShapeFile.Read(null);

        Assert.Equal(file.Shapes.Count, file.Shapes.Select(shape => shape with { Label = "", Counts = [] }).Distinct().Count());
        foreach ((int index, string name) in file.Networks.Index().Where(network => NetworkRegistry.Default.Names.Contains(network.Item)))
        {
            Graph graph = NetworkRegistry.Default.Get(name).Build(new NetworkOptions());
            IEnumerable<NetworkSummaryRow> rows = NetworkSummary.Of(graph).Rows.Where(row => row.Operator == "Convolution");
            Assert.Equal(rows.Sum(row => 2 * row.MultiplyAdds), file.Shapes.Sum(shape => shape.Counts[index] * shape.Flops(1)));
        }
    }
}

using MLClassify.Graphs;

namespace MLClassify.Networks.Tests;

public class NetworkSummaryTests
{
    // torchvision's published figures, in units of 1e9, rounded to three places.
    [Theory]
    [InlineData("alexnet", 0.714)]
    [InlineData("densenet121", 2.834)]
    [InlineData("densenet169", 3.36)]
    [InlineData("densenet201", 4.291)]
    [InlineData("mobilenet_v2", 0.301)]
    [InlineData("resnet101", 7.801)]
    [InlineData("resnet152", 11.514)]
    [InlineData("resnet18", 1.814)]
    [InlineData("resnet34", 3.664)]
    [InlineData("resnet50", 4.089)]
    [InlineData("squeezenet1_1", 0.349)]
    [InlineData("vgg16", 15.47)]
    [InlineData("vgg16_bn", 15.47)]
    public void MultiplyAdds_PublishedNetwork_AreThePublishedOnes(string name, double giga) =>
        Assert.Equal(giga, Math.Round(Summary(name, 1000).MultiplyAdds / 1e9, 3));

    [Fact]
    public void Of_ResNet50WithTenClasses_SumsUp()
    {
        NetworkSummary summary = Summary("resnet50", 10);
        Assert.Equal(23_528_522, summary.Parameters);
        Assert.Equal(summary.Parameters, summary.Rows.Sum(r => r.Parameters));
        Assert.Equal(53_120, summary.StateValues);
        Assert.Equal(new NetworkSummaryRow("conv1", "Convolution", new Shape(112, 112, 64), 9408, 118_013_952), summary.Rows[1]);
        Assert.Equal(new NetworkSummaryRow("fc", "Linear", Shape.Vector(10), 20_490, 20_480), summary.Rows[^1]);
    }

    [Fact]
    public void ToString_Network_HasALineALayerAndTotals()
    {
        NetworkSummary summary = Summary("resnet50", 10);
        string[] lines = summary.ToString().Split('\n');
        Assert.Equal(summary.Rows.Count + 2, lines.Length);
        Assert.StartsWith("layer", lines[0]);
        Assert.Contains("[112, 112, 64]", lines[2]);
        Assert.Contains("9,408", lines[2]);
        Assert.StartsWith("resnet50: 23,528,522 parameters, ", lines[^1]);
    }

    private static NetworkSummary Summary(string name, int classes) =>
        NetworkSummary.Of(NetworkSpec.From(name, new NetworkOptions { Classes = classes }));
}

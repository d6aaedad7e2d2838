using MLClassify.Benchmarks.WholeNetworks;
using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.Benchmarks.Tests.WholeNetworks;

public class NetworkWorkTests
{
    // torchvision 0.14 with hooks on its convolutions and linear layers: 4,089,184,256 multiply-adds; the head 2048 x 1000; the first
    // convolution 112 x 112 x 64 x 7 x 7 x 3.
    private const long MultiplyAdds = 4_089_184_256;
    private const long Head = 2_048_000;
    private const long First = 118_013_952;

    private readonly Graph _graph = NetworkRegistry.Default.Get("resnet50").Build(new NetworkOptions());

    [Fact]
    public void Flops_OfInference_AreTwiceTheMultiplyAdds() => Assert.Equal(2 * MultiplyAdds, NetworkWork.Flops(_graph, NetworkMode.Infer));

    [Fact]
    public void Flops_OfFrozenFeatures_LackTheHead() => Assert.Equal(2 * (MultiplyAdds - Head), NetworkWork.Flops(_graph, NetworkMode.Frozen));

    [Fact]
    public void Flops_OfTraining_LackTheImagesGradient() =>
        Assert.Equal(2 * ((3 * MultiplyAdds) - First), NetworkWork.Flops(_graph, NetworkMode.Train));
}

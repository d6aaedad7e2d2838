using MLClassify.Common;
using MLClassify.Graphs;

namespace MLClassify.Networks.Tests.Backbones;

/// <summary>Holds fresh parameters to the distributions that torchvision's constructors give them.</summary>
public class InitializationTests
{
    private const ulong Seed = 20240607;

    [Theory]
    [InlineData("resnet18", "conv1.weight", 64 * 49)]
    [InlineData("resnet18", "layer3.0.downsample.0.weight", 256)]
    [InlineData("resnet50", "layer2.1.conv2.weight", 128 * 9)]
    [InlineData("vgg16", "features.28.weight", 512 * 9)]
    [InlineData("mobilenet_v2", "features.0.0.weight", 32 * 9)]
    [InlineData("mobilenet_v2", "features.14.conv.1.0.weight", 576 * 9)]
    [InlineData("mobilenet_v2", "features.18.0.weight", 1280)]
    public void Initialize_KaimingFanOut_HasNormalOfThatVariance(string network, string parameter, int fanOut)
    {
        float[] values = Values(network, parameter);
        AssertNormal(values, Math.Sqrt(2.0 / fanOut));
    }

    [Theory]
    [InlineData("densenet121", "features.conv0.weight", 3 * 49)]
    [InlineData("densenet121", "features.denseblock2.denselayer12.conv1.weight", 480)]
    [InlineData("densenet121", "features.denseblock4.denselayer16.conv2.weight", 128 * 9)]
    [InlineData("cifar_resnet20", "layer3.0.conv1.weight", 32 * 9)]
    public void Initialize_KaimingFanIn_HasNormalOfThatVariance(string network, string parameter, int fanIn) =>
        AssertNormal(Values(network, parameter), Math.Sqrt(2.0 / fanIn));

    [Theory]
    [InlineData("alexnet_paper", "conv2.weight")]
    [InlineData("alexnet_paper", "fc8.weight")]
    [InlineData("vgg16_cifar", "classifier.weight")]
    [InlineData("squeezenet1_1", "classifier.1.weight")]
    [InlineData("mobilenet_v2", "classifier.1.weight")]
    public void Initialize_Classifier_HasNormalOfOneHundredth(string network, string parameter) =>
        AssertNormal(Values(network, parameter), 0.01);

    [Fact]
    public void Initialize_SqueezeNetLinearHead_HasNormalOfOneHundredth()
    {
        Graph graph = NetworkRegistry.Default.Get("squeezenet1_1").Build(new NetworkOptions { Head = HeadKind.Linear });
        AssertNormal(Values(graph, "classifier.1.weight"), 0.01);
        Assert.All(Values(graph, "classifier.1.bias"), v => Assert.Equal(0, v));
    }

    [Theory]
    [InlineData("squeezenet1_1", "features.3.expand3x3.weight", 16 * 9, 6.0)]
    [InlineData("alexnet", "features.3.weight", 64 * 25, 1.0)]
    [InlineData("alexnet", "classifier.6.weight", 4096, 1.0)]
    [InlineData("densenet121", "classifier.weight", 1024, 1.0)]
    [InlineData("resnet18", "fc.weight", 512, 1.0)]
    [InlineData("resnet18", "fc.bias", 512, 1.0)]
    [InlineData("alexnet", "features.3.bias", 64 * 25, 1.0)]
    public void Initialize_UniformLayer_FillsTheBound(string network, string parameter, int fanIn, double gain)
    {
        float[] values = Values(network, parameter);
        double bound = Math.Sqrt(gain / fanIn);
        double largest = values.Max(v => Math.Abs((double)v));

        // The chance that n uniform values all stay below 1 - 10 / n of the bound is e^-10; float32 rounds the bound up by 6e-8 at most.
        Assert.InRange(largest / bound, 1 - (10.0 / values.Length), 1 + 1e-7);
        double deviation = Math.Sqrt(values.Average(v => (double)v * v));

        // A uniform's sample variance has the relative deviation sqrt(0.8 / n), its root half of that; five of them.
        Assert.Equal(1, deviation / (bound / Math.Sqrt(3)), 5 * Math.Sqrt(0.2 / values.Length));
    }

    [Theory]
    [InlineData("alexnet_paper", "conv1.bias", 0)]
    [InlineData("alexnet_paper", "conv2.bias", 1)]
    [InlineData("alexnet_paper", "conv3.bias", 0)]
    [InlineData("alexnet_paper", "conv4.bias", 1)]
    [InlineData("alexnet_paper", "conv5.bias", 1)]
    [InlineData("alexnet_paper", "fc6.bias", 1)]
    [InlineData("alexnet_paper", "fc7.bias", 1)]
    [InlineData("alexnet_paper", "fc8.bias", 0)]
    [InlineData("resnet18", "layer1.0.bn1.weight", 1)]
    [InlineData("resnet18", "layer1.1.bn2.weight", 1)]
    [InlineData("resnet18", "bn1.bias", 0)]
    [InlineData("densenet121", "features.norm5.weight", 1)]
    [InlineData("densenet121", "features.transition2.norm.bias", 0)]
    [InlineData("densenet121", "classifier.bias", 0)]
    [InlineData("mobilenet_v2", "features.18.1.running_mean", 0)]
    [InlineData("mobilenet_v2", "features.18.1.running_var", 1)]
    [InlineData("mobilenet_v2", "classifier.1.bias", 0)]
    [InlineData("squeezenet1_1", "features.0.bias", 0)]
    [InlineData("squeezenet1_1", "classifier.1.bias", 0)]
    public void Initialize_ConstantParameter_HasItsValue(string network, string parameter, float value) =>
        Assert.All(Values(network, parameter), v => Assert.Equal(value, v));

    [Fact]
    public void Initialize_TwoLayersOfOneShape_Differ() =>
        Assert.NotEqual(Values("resnet18", "layer1.0.conv1.weight"), Values("resnet18", "layer1.0.conv2.weight"));

    private static float[] Values(string network, string parameter) =>
        Values(NetworkRegistry.Default.Get(network).Build(new NetworkOptions()), parameter);

    private static float[] Values(Graph graph, string name)
    {
        Parameter parameter = graph.Parameters.Single(p => p.Name == name);
        float[] values = new float[parameter.Count];
        var random = new CounterRandom(Seed, name);
        parameter.Initializer.Fill(parameter, values, ref random);
        return values;
    }

    private static void AssertNormal(float[] values, double deviation)
    {
        double n = values.Length;

        // Five standard errors of mean, variance (2 / n) and fourth moment (96 / n) of a normal sample.
        Assert.Equal(0, values.Average(v => v / deviation), 5 / Math.Sqrt(n));
        Assert.Equal(1, values.Average(v => Math.Pow(v / deviation, 2)), 5 * Math.Sqrt(2 / n));
        Assert.Equal(3, values.Average(v => Math.Pow(v / deviation, 4)), 5 * Math.Sqrt(96 / n));
    }
}

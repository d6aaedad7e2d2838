using MLClassify.Graphs;

namespace MLClassify.Networks.Backbones;

/// <summary>
/// Densely connected networks (Huang et al. 2017, https://arxiv.org/abs/1608.06993) as torchvision builds them: every layer of a block
/// reads the maps of all layers before it, <c>[N, H, W, 3]</c> to <c>[N, 1, 1, classes]</c>. The features are the pooled map,
/// <c>[N, 1, 1, 1024]</c>, <c>[N, 1, 1, 1664]</c> or <c>[N, 1, 1, 1920]</c>.
/// </summary>
internal static class DenseNet
{
    // The paper's growth rate k, and the bottleneck's 4k channels; a transition halves the channels.
    private const int Growth = 32;
    private const int BottleneckSize = 4;
    private const int FirstChannels = 2 * Growth;

    private static readonly KaimingNormalInitializer Filters = new(UseFanOut: false);

    private static readonly Variant[] Table =
    [
        new("densenet121", [6, 12, 24, 16], 0.74434, "121 layers: ResNet-50's accuracy or nearly, with a third of its parameters."),
        new("densenet169", [6, 12, 32, 32], 0.75600, "169 layers: the deeper blocks at the small maps, where they cost least."),
        new("densenet201", [6, 12, 48, 32], 0.76896, "201 layers: the deepest of the family with 32 channels a layer."),
    ];

    /// <summary>The family's networks.</summary>
    public static IEnumerable<NetworkDefinition> Definitions => Table.Select(variant => new NetworkDefinition(options => Build(variant, options))
    {
        Name = variant.Name,
        Family = "DenseNet",
        Paper = new Paper("Densely Connected Convolutional Networks", new Uri("https://arxiv.org/abs/1608.06993")),
        Description = variant.Description,
        MinimumInputSize = 29,
        PublishedTop1 = variant.Top1,
    });

    private static Graph Build(Variant variant, NetworkOptions options)
    {
        GraphBuilder builder = GraphBuilder.For(variant.Name, new Shape(options.InputHeight, options.InputWidth, 3));
        Node x = builder.Convolution(
            builder.Input, "features.conv0", FirstChannels, kernel: 7, stride: 2, padding: 3, bias: false, weight: Filters);
        x = NormRelu(builder, x, "features.norm0", "features.relu0");
        x = builder.MaxPool(x, "features.pool0", kernel: 3, stride: 2, padding: 1);
        for (int block = 0; block < variant.Layers.Length; block++)
        {
            string number = FormattableString.Invariant($"{block + 1}");
            if (block > 0)
            {
                x = Transition(builder, x, FormattableString.Invariant($"features.transition{block}"));
            }

            for (int layer = 0; layer < variant.Layers[block]; layer++)
            {
                string name = FormattableString.Invariant($"features.denseblock{number}.denselayer{layer + 1}");
                x = builder.Concat([x, Layer(builder, x, name)], name + ".concat");
            }
        }

        x = NormRelu(builder, x, "features.norm5", "features.relu5");
        Node features = builder.GlobalAveragePool(x, "avgpool");
        return builder.Build(builder.Classifier(features, "classifier", options, ("dropout", 0), bias: Initializer.Zeros), features);
    }

    private static Node Layer(GraphBuilder builder, Node input, string name)
    {
        Node x = NormRelu(builder, input, name + ".norm1", name + ".relu1");
        x = builder.Convolution(x, name + ".conv1", BottleneckSize * Growth, kernel: 1, bias: false, weight: Filters);
        x = NormRelu(builder, x, name + ".norm2", name + ".relu2");
        return builder.Convolution(x, name + ".conv2", Growth, kernel: 3, padding: 1, bias: false, weight: Filters);
    }

    private static Node Transition(GraphBuilder builder, Node input, string name)
    {
        Node x = NormRelu(builder, input, name + ".norm", name + ".relu");
        x = builder.Convolution(x, name + ".conv", input.Shape.Channels / 2, kernel: 1, bias: false, weight: Filters);
        return builder.AveragePool(x, name + ".pool", kernel: 2, stride: 2);
    }

    private static Node NormRelu(GraphBuilder builder, Node input, string norm, string relu) =>
        builder.Relu(builder.BatchNorm(input, norm), relu);

    private sealed record Variant(string Name, int[] Layers, double Top1, string Description);
}

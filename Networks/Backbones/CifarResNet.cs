using MLClassify.Graphs;

namespace MLClassify.Networks.Backbones;

/// <summary>
/// The residual networks for CIFAR (He et al. 2015, https://arxiv.org/abs/1512.03385, section 4.2), <c>[N, H, W, 3]</c> to
/// <c>[N, 1, 1, classes]</c>: 6n + 2 layers, shortcuts without parameters (option A). The features are the pooled map,
/// <c>[N, 1, 1, 64]</c>.
/// </summary>
internal static class CifarResNet
{
    private static readonly KaimingNormalInitializer Filters = new(UseFanOut: false);

    private static readonly Variant[] Table =
    [
        new("cifar_resnet20", 3, "20 layers for 32x32 pixels: a quarter of a million parameters."),
        new("cifar_resnet56", 9, "56 layers for 32x32 pixels: the same blocks as 20, three times as many."),
    ];

    /// <summary>The family's networks.</summary>
    public static IEnumerable<NetworkDefinition> Definitions => Table.Select(variant => new NetworkDefinition(options => Build(variant, options))
    {
        Name = variant.Name,
        Family = "CIFAR ResNet",
        Paper = new Paper("Deep Residual Learning for Image Recognition", new Uri("https://arxiv.org/abs/1512.03385")),
        Description = variant.Description,
        DefaultInputSize = 32,
        ResizeRatio = 1,
    });

    private static Graph Build(Variant variant, NetworkOptions options)
    {
        GraphBuilder builder = GraphBuilder.For(variant.Name, new Shape(options.InputHeight, options.InputWidth, 3));
        Node x = builder.Convolution(builder.Input, "conv1", 16, kernel: 3, padding: 1, bias: false, weight: Filters);
        x = builder.Relu(builder.BatchNorm(x, "bn1"), "relu");
        for (int stage = 0; stage < 3; stage++)
        {
            for (int block = 0; block < variant.Blocks; block++)
            {
                string name = FormattableString.Invariant($"layer{stage + 1}.{block}");
                x = Block(builder, x, name, width: 16 << stage, stride: stage > 0 && block == 0 ? 2 : 1);
            }
        }

        Node features = builder.GlobalAveragePool(x, "avgpool");
        return builder.Build(builder.Classifier(features, "linear", options, ("dropout", 0), Filters), features);
    }

    private static Node Block(GraphBuilder builder, Node input, string name, int width, int stride)
    {
        Node x = builder.Convolution(input, name + ".conv1", width, kernel: 3, stride, padding: 1, bias: false, weight: Filters);
        x = builder.Relu(builder.BatchNorm(x, name + ".bn1"), name + ".relu1");
        x = builder.Convolution(x, name + ".conv2", width, kernel: 3, padding: 1, bias: false, weight: Filters);
        x = builder.BatchNorm(x, name + ".bn2");
        return builder.Relu(builder.Add(x, Shortcut(builder, input, name, width, stride), name + ".add"), name + ".relu2");
    }

    // Option A: every second pixel, zeros for the new channels, half of them on each side.
    private static Node Shortcut(GraphBuilder builder, Node input, string name, int width, int stride)
    {
        int missing = width - input.Shape.Channels;
        if (missing == 0)
        {
            return input;
        }

        Node pixels = builder.AveragePool(input, name + ".shortcut.subsample", kernel: 1, stride);
        return builder.PadChannels(pixels, name + ".shortcut.pad", missing / 2, missing - (missing / 2));
    }

    private sealed record Variant(string Name, int Blocks, string Description);
}

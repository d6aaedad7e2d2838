using MLClassify.Graphs;

namespace MLClassify.Networks.Backbones;

/// <summary>
/// Residual networks (He et al. 2015, https://arxiv.org/abs/1512.03385) as torchvision builds them, <c>[N, H, W, 3]</c> to
/// <c>[N, 1, 1, classes]</c>. A bottleneck's stride is in its 3x3 convolution ("v1.5"), not in the first 1x1 as in the paper. With
/// squeeze-and-excitation (Hu et al. 2018, https://arxiv.org/abs/1709.01507) a block's map is weighed by channel before the sum. The
/// features are the pooled map, <c>[N, 1, 1, 512]</c> or <c>[N, 1, 1, 2048]</c>; a narrow network may end with a 1x1 convolution that
/// gives it more of them, as MobileNetV2's does (Sandler et al. 2018, https://arxiv.org/abs/1801.04381).
/// </summary>
internal static class ResNet
{
    private static readonly KaimingNormalInitializer Filters = new(UseFanOut: true);

    private static readonly Variant[] Table =
    [
        new("resnet18", Bottleneck: false, [2, 2, 2, 2], 0.69758, "18 layers: the smallest residual network of the paper."),
        new("resnet18_cntk", Bottleneck: false, [2, 2, 2, 3], null, "CNTK's ResNet-18: resnet18 with a third block in its last stage; the network of Microsoft's featurizer package."),
        new("resnet34", Bottleneck: false, [3, 4, 6, 3], 0.73314, "34 layers: the same blocks as 18, twice as many."),
        new("resnet50", Bottleneck: true, [3, 4, 6, 3], 0.76130, "50 layers with bottlenecks: the usual choice for fine-tuning."),
        new("resnet101", Bottleneck: true, [3, 4, 23, 3], 0.77374, "101 layers: 50 with a third stage of 23 blocks."),
        new("resnet152", Bottleneck: true, [3, 8, 36, 3], 0.78312, "152 layers: the deepest of the paper's ImageNet networks."),
        new("seresnet50", Bottleneck: true, [3, 4, 6, 3], null, "ResNet-50 whose blocks weigh their channels.", Reduction: 16),
        new(
            "resnet16_half", Bottleneck: false, [2, 2, 2, 1], null, "Half of resnet18's width, a block less, 1024 features: the network of version 0.1's embedded weights.",
            Width: 32, LastChannels: 1024, InputSize: 128),
        new(
            "resnet20_half", Bottleneck: false, [2, 2, 3, 2], null, "Half of resnet18's width, a block more, 1024 features: the network of the embedded weights.",
            Width: 32, LastChannels: 1024, InputSize: 160),
    ];

    /// <summary>The family's networks.</summary>
    public static IEnumerable<NetworkDefinition> Definitions => Table.Select(variant => new NetworkDefinition(options => Build(variant, options))
    {
        Name = variant.Name,
        Family = variant.Reduction > 0 ? "SE-ResNet" : "ResNet",
        Paper = variant.Reduction > 0
            ? new Paper("Squeeze-and-Excitation Networks", new Uri("https://arxiv.org/abs/1709.01507"))
            : new Paper("Deep Residual Learning for Image Recognition", new Uri("https://arxiv.org/abs/1512.03385")),
        Description = variant.Description,
        DefaultInputSize = variant.InputSize,
        PublishedTop1 = variant.Top1,
    });

    private static Graph Build(Variant variant, NetworkOptions options)
    {
        GraphBuilder builder = GraphBuilder.For(variant.Name, new Shape(options.InputHeight, options.InputWidth, 3));
        Node x = builder.Convolution(builder.Input, "conv1", variant.Width, kernel: 7, stride: 2, padding: 3, bias: false, weight: Filters);
        x = builder.BatchNorm(x, "bn1");
        x = builder.Relu(x, "relu");
        x = builder.MaxPool(x, "maxpool", kernel: 3, stride: 2, padding: 1);
        for (int stage = 0; stage < variant.Blocks.Length; stage++)
        {
            for (int block = 0; block < variant.Blocks[stage]; block++)
            {
                string name = FormattableString.Invariant($"layer{stage + 1}.{block}");
                x = Block(builder, x, name, variant, width: variant.Width << stage, stride: stage > 0 && block == 0 ? 2 : 1);
            }
        }

        if (variant.LastChannels > 0)
        {
            x = builder.Convolution(x, "conv_last", variant.LastChannels, kernel: 1, bias: false, weight: Filters);
            x = builder.Relu(builder.BatchNorm(x, "bn_last"), "relu_last");
        }

        Node features = builder.GlobalAveragePool(x, "avgpool");
        return builder.Build(builder.Classifier(features, "fc", options, ("dropout", 0)), features);
    }

    private static Node Block(GraphBuilder builder, Node input, string name, Variant variant, int width, int stride)
    {
        (int Kernel, int Channels, int Stride)[] layers = variant.Bottleneck
            ? [(1, width, 1), (3, width, stride), (1, 4 * width, 1)]
            : [(3, width, stride), (3, width, 1)];
        Node x = input;
        for (int i = 0; i < layers.Length; i++)
        {
            string number = FormattableString.Invariant($"{i + 1}");
            (int kernel, int channels, int step) = layers[i];
            x = builder.Convolution(x, $"{name}.conv{number}", channels, kernel, step, padding: kernel / 2, bias: false, weight: Filters);
            x = builder.BatchNorm(x, $"{name}.bn{number}");
            if (i < layers.Length - 1)
            {
                x = builder.Relu(x, $"{name}.relu{number}");
            }
        }

        if (variant.Reduction > 0)
        {
            x = SqueezeAndExcite(builder, x, name + ".se", variant.Reduction);
        }

        Node shortcut = input;
        if (stride != 1 || input.Shape.Channels != x.Shape.Channels)
        {
            shortcut = builder.Convolution(
                input, $"{name}.downsample.0", x.Shape.Channels, kernel: 1, stride, bias: false, weight: Filters);
            shortcut = builder.BatchNorm(shortcut, $"{name}.downsample.1");
        }

        return builder.Relu(builder.Add(x, shortcut, $"{name}.add"), $"{name}.relu");
    }

    // Hu et al. 2018, section 3; the two layers are 1x1 convolutions, as in the weight files that exist (timm's names).
    private static Node SqueezeAndExcite(GraphBuilder builder, Node input, string name, int reduction)
    {
        int channels = input.Shape.Channels;
        Node x = builder.GlobalAveragePool(input, name + ".pool");
        x = builder.Convolution(x, name + ".fc1", channels / reduction, kernel: 1, weight: Filters);
        x = builder.Convolution(builder.Relu(x, name + ".relu"), name + ".fc2", channels, kernel: 1, weight: Filters);
        return builder.Scale(input, builder.Sigmoid(x, name + ".gate"), name + ".scale");
    }

    private sealed record Variant(
        string Name,
        bool Bottleneck,
        int[] Blocks,
        double? Top1,
        string Description,
        int Reduction = 0,
        int Width = 64,
        int LastChannels = 0,
        int InputSize = 224);
}

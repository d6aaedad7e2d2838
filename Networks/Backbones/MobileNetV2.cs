using MLClassify.Graphs;

namespace MLClassify.Networks.Backbones;

/// <summary>
/// MobileNetV2 (Sandler et al. 2018, https://arxiv.org/abs/1801.04381) as torchvision builds it: inverted residuals with depthwise
/// convolutions and ReLU6, <c>[N, H, W, 3]</c> to <c>[N, 1, 1, classes]</c>. The features are the pooled map, <c>[N, 1, 1, 1280]</c>.
/// </summary>
internal static class MobileNetV2
{
    private const float DefaultDropout = 0.2f;
    private const float Ceiling = 6;

    private static readonly KaimingNormalInitializer Filters = new(UseFanOut: true);

    // Table 2 of the paper: expansion t, channels c, repetitions n, stride s of the first repetition.
    private static readonly (int Expansion, int Channels, int Repetitions, int Stride)[] Stages =
    [
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    ];

    /// <summary>The family's networks.</summary>
    public static IEnumerable<NetworkDefinition> Definitions =>
    [
        new(Build)
        {
            Name = "mobilenet_v2",
            Family = "MobileNetV2",
            Paper = new Paper("MobileNetV2: Inverted Residuals and Linear Bottlenecks", new Uri("https://arxiv.org/abs/1801.04381")),
            Description = "Small and accurate: most of it is cheap depthwise and 1x1 convolutions.",
            PublishedTop1 = 0.71878,
        },
    ];

    private static Graph Build(NetworkOptions options)
    {
        GraphBuilder builder = GraphBuilder.For("mobilenet_v2", new Shape(options.InputHeight, options.InputWidth, 3));
        Node x = ConvolutionNormRelu(builder, builder.Input, "features.0", 32, kernel: 3, stride: 2);
        int index = 1;
        foreach ((int expansion, int channels, int repetitions, int stride) in Stages)
        {
            for (int i = 0; i < repetitions; i++)
            {
                string name = FormattableString.Invariant($"features.{index++}");
                x = InvertedResidual(builder, x, name, expansion, channels, i == 0 ? stride : 1);
            }
        }

        x = ConvolutionNormRelu(builder, x, FormattableString.Invariant($"features.{index}"), 1280, kernel: 1);
        Node features = builder.GlobalAveragePool(x, "avgpool");
        Node logits = builder.Classifier(
            features, "classifier.1", options, ("classifier.0", DefaultDropout), new NormalInitializer(0.01f), Initializer.Zeros);
        return builder.Build(logits, features);
    }

    private static Node InvertedResidual(GraphBuilder builder, Node input, string name, int expansion, int channels, int stride)
    {
        int width = input.Shape.Channels * expansion;
        int index = 0;
        string Next() => FormattableString.Invariant($"{name}.conv.{index++}");

        Node x = expansion == 1 ? input : ConvolutionNormRelu(builder, input, Next(), width, kernel: 1);
        x = ConvolutionNormRelu(builder, x, Next(), width, kernel: 3, stride, groups: width);
        x = builder.Convolution(x, Next(), channels, kernel: 1, bias: false, weight: Filters);
        x = builder.BatchNorm(x, Next());
        return stride == 1 && input.Shape.Channels == channels ? builder.Add(input, x, name + ".add") : x;
    }

    private static Node ConvolutionNormRelu(
        GraphBuilder builder, Node input, string name, int channels, int kernel, int stride = 1, int groups = 1)
    {
        Node x = builder.Convolution(
            input, name + ".0", channels, kernel, stride, padding: kernel / 2, groups, bias: false, weight: Filters);
        x = builder.BatchNorm(x, name + ".1");
        return builder.Relu(x, name + ".2", Ceiling);
    }
}

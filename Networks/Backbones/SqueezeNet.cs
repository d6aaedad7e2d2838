using MLClassify.Graphs;

namespace MLClassify.Networks.Backbones;

/// <summary>
/// SqueezeNet (Iandola et al. 2016, https://arxiv.org/abs/1602.07360), version 1.1 as torchvision builds it, <c>[N, H, W, 3]</c> to
/// <c>[N, 1, 1, classes]</c>. The original head is a 1x1 convolution on the last fire module's map, which is then the features,
/// <c>[N, H', W', 512]</c>; with another head the features are that map's mean, <c>[N, 1, 1, 512]</c>.
/// </summary>
internal static class SqueezeNet
{
    private const float DefaultDropout = 0.5f;

    // torchvision starts every filter but the classifier's as He et al. 2015 do, uniformly, and all biases at zero.
    private static readonly KaimingUniformInitializer Filters = new(Slope: 0);
    private static readonly NormalInitializer ClassifierFilters = new(0.01f);

    // After the first convolution: a fire module (squeezed and expanded channels), or null for a pooling layer.
    private static readonly (int Squeezed, int Expanded)?[] Version11 =
    [
        null, (16, 64), (16, 64),
        null, (32, 128), (32, 128),
        null, (48, 192), (48, 192), (64, 256), (64, 256),
    ];

    /// <summary>The family's networks.</summary>
    public static IEnumerable<NetworkDefinition> Definitions =>
    [
        new(Build)
        {
            Name = "squeezenet1_1",
            Family = "SqueezeNet",
            Paper = new Paper(
                "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size",
                new Uri("https://arxiv.org/abs/1602.07360")),
            Description = "AlexNet's accuracy with 1.2 million parameters; the smallest backbone here.",
            MinimumInputSize = 25,
            PublishedTop1 = 0.58178,
        },
    ];

    private static Graph Build(NetworkOptions options)
    {
        GraphBuilder builder = GraphBuilder.For("squeezenet1_1", new Shape(options.InputHeight, options.InputWidth, 3));
        Node map = Trunk(builder);
        if (options.Head != HeadKind.Original)
        {
            Node features = builder.GlobalAveragePool(map, "avgpool");
            Node logits = builder.Classifier(
                features, "classifier.1", options, ("classifier.0", DefaultDropout), ClassifierFilters, Initializer.Zeros);
            return builder.Build(logits, features);
        }

        Node x = builder.DropoutIfAny(map, "classifier.0", options.Dropout ?? DefaultDropout);
        x = builder.Convolution(
            x, "classifier.1", options.Classes, kernel: 1, weight: ClassifierFilters, biasInitializer: Initializer.Zeros);
        x = builder.Relu(x, "classifier.2");
        return builder.Build(builder.GlobalAveragePool(x, "classifier.3"), map);
    }

    private static Node Trunk(GraphBuilder builder)
    {
        Node x = builder.Convolution(
            builder.Input, "features.0", 64, kernel: 3, stride: 2, weight: Filters, biasInitializer: Initializer.Zeros);
        x = builder.Relu(x, "features.1");
        for (int i = 0; i < Version11.Length; i++)
        {
            string name = FormattableString.Invariant($"features.{i + 2}");
            x = Version11[i] is { } fire
                ? Fire(builder, x, name, fire.Squeezed, fire.Expanded)
                : builder.MaxPool(x, name, kernel: 3, stride: 2, ceilMode: true);
        }

        return x;
    }

    private static Node Fire(GraphBuilder builder, Node input, string name, int squeezed, int expanded)
    {
        Node ConvolutionRelu(Node x, string layer, int channels, int kernel) => builder.Relu(
            builder.Convolution(
                x, $"{name}.{layer}", channels, kernel, padding: kernel / 2, weight: Filters, biasInitializer: Initializer.Zeros),
            $"{name}.{layer}_activation");

        Node x = ConvolutionRelu(input, "squeeze", squeezed, 1);
        return builder.Concat(
            [ConvolutionRelu(x, "expand1x1", expanded, 1), ConvolutionRelu(x, "expand3x3", expanded, 3)], name + ".concat");
    }
}

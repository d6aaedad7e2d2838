using MLClassify.Graphs;

namespace MLClassify.Networks.Backbones;

/// <summary>
/// VGG with 16 layers (Simonyan and Zisserman 2014, https://arxiv.org/abs/1409.1556, configuration D), <c>[N, H, W, 3]</c> to
/// <c>[N, 1, 1, classes]</c>: as torchvision builds it, and for CIFAR's 32 x 32 pixels with one linear layer. The features are the last
/// hidden layer, <c>[N, 1, 1, 4096]</c>, or the pooled map, <c>[N, 1, 1, 512]</c>.
/// </summary>
internal static class Vgg
{
    private const float DefaultDropout = 0.5f;
    private const int Width = 4096;

    private static readonly KaimingNormalInitializer Filters = new(UseFanOut: true);
    private static readonly NormalInitializer Matrix = new(0.01f);

    // Channels and convolutions of each stage; a pooling layer ends it.
    private static readonly (int Channels, int Layers)[] Stages = [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)];

    private static readonly Variant[] Table =
    [
        new("vgg16", Norm: false, IsForCifar: false, 0.71592, "Plain 3x3 convolutions: large and slow, a common base for transfer."),
        new("vgg16_bn", Norm: true, IsForCifar: false, 0.73360, "VGG-16 with batch normalization, which makes it trainable from scratch."),
        new("vgg16_cifar", Norm: true, IsForCifar: true, null, "VGG-16 for 32x32 pixels: thirteen convolutions, one linear layer."),
    ];

    /// <summary>The family's networks.</summary>
    public static IEnumerable<NetworkDefinition> Definitions => Table.Select(variant => new NetworkDefinition(options => Build(variant, options))
    {
        Name = variant.Name,
        Family = "VGG",
        Paper = new Paper(
            "Very Deep Convolutional Networks for Large-Scale Image Recognition", new Uri("https://arxiv.org/abs/1409.1556")),
        Description = variant.Description,
        DefaultInputSize = variant.IsForCifar ? 32 : 224,
        ResizeRatio = variant.IsForCifar ? 1 : 256.0 / 224,
        MinimumInputSize = 32,
        PublishedTop1 = variant.Top1,
    });

    private static Graph Build(Variant variant, NetworkOptions options)
    {
        GraphBuilder builder = GraphBuilder.For(variant.Name, new Shape(options.InputHeight, options.InputWidth, 3));
        Node map = Trunk(builder, variant.Norm);
        if (variant.IsForCifar)
        {
            Node pooled = builder.GlobalAveragePool(map, "avgpool");
            return builder.Build(
                builder.Classifier(pooled, "classifier", options, ("dropout", 0), Matrix, Initializer.Zeros), pooled);
        }

        float dropout = options.Dropout ?? DefaultDropout;
        Node x = builder.AdaptiveAveragePool(map, "avgpool", 7, 7);
        x = builder.Linear(x, "classifier.0", Width, Matrix, Initializer.Zeros);
        x = builder.Relu(x, "classifier.1");
        x = builder.DropoutIfAny(x, "classifier.2", dropout);
        x = builder.Linear(x, "classifier.3", Width, Matrix, Initializer.Zeros);
        Node features = builder.Relu(x, "classifier.4");
        return builder.Build(
            builder.Classifier(features, "classifier.6", options, ("classifier.5", DefaultDropout), Matrix, Initializer.Zeros), features);
    }

    private static Node Trunk(GraphBuilder builder, bool norm)
    {
        int index = 0;
        string Next() => FormattableString.Invariant($"features.{index++}");

        Node x = builder.Input;
        foreach ((int channels, int layers) in Stages)
        {
            for (int i = 0; i < layers; i++)
            {
                x = builder.Convolution(x, Next(), channels, kernel: 3, padding: 1, weight: Filters, biasInitializer: Initializer.Zeros);
                x = norm ? builder.BatchNorm(x, Next()) : x;
                x = builder.Relu(x, Next());
            }

            x = builder.MaxPool(x, Next(), kernel: 2, stride: 2);
        }

        return x;
    }

    private sealed record Variant(string Name, bool Norm, bool IsForCifar, double? Top1, string Description);
}

using MLClassify.Graphs;

namespace MLClassify.Networks.Backbones;

/// <summary>
/// AlexNet in its one-column form (Krizhevsky 2014, https://arxiv.org/abs/1404.5997) as torchvision builds it: five convolutions, three
/// linear layers, <c>[N, H, W, 3]</c> to <c>[N, 1, 1, classes]</c>. The features are the last hidden layer, <c>[N, 1, 1, 4096]</c>.
/// </summary>
internal static class AlexNet
{
    private const float DefaultDropout = 0.5f;

    private static readonly Variant[] Table =
    [
        new("alexnet", [64, 192, 384, 256, 256], 4096, 0.56522,
            "AlexNet as torchvision has it: fast for its size, most of which is two linear layers."),
        new("alexnet_half", [48, 128, 192, 192, 128], 2048, null,
            "AlexNet with about half the channels: small enough to train from scratch on a processor."),
    ];

    /// <summary>The family's networks.</summary>
    public static IEnumerable<NetworkDefinition> Definitions => Table.Select(variant => new NetworkDefinition(options => Build(variant, options))
    {
        Name = variant.Name,
        Family = "AlexNet",
        Paper = new Paper("One weird trick for parallelizing convolutional neural networks", new Uri("https://arxiv.org/abs/1404.5997")),
        Description = variant.Description,
        MinimumInputSize = 63,
        PublishedTop1 = variant.Top1,
    });

    private static Graph Build(Variant variant, NetworkOptions options)
    {
        GraphBuilder builder = GraphBuilder.For(variant.Name, new Shape(options.InputHeight, options.InputWidth, 3));
        int[] channels = variant.Channels;

        Node x = builder.Convolution(builder.Input, "features.0", channels[0], kernel: 11, stride: 4, padding: 2);
        x = builder.Relu(x, "features.1");
        x = builder.MaxPool(x, "features.2", kernel: 3, stride: 2);
        x = builder.Convolution(x, "features.3", channels[1], kernel: 5, padding: 2);
        x = builder.Relu(x, "features.4");
        x = builder.MaxPool(x, "features.5", kernel: 3, stride: 2);
        for (int i = 2; i < 5; i++)
        {
            x = builder.Convolution(x, FormattableString.Invariant($"features.{(2 * i) + 2}"), channels[i], kernel: 3, padding: 1);
            x = builder.Relu(x, FormattableString.Invariant($"features.{(2 * i) + 3}"));
        }

        x = builder.MaxPool(x, "features.12", kernel: 3, stride: 2);
        x = builder.AdaptiveAveragePool(x, "avgpool", 6, 6);

        float dropout = options.Dropout ?? DefaultDropout;
        x = builder.DropoutIfAny(x, "classifier.0", dropout);
        x = builder.Linear(x, "classifier.1", variant.Width);
        x = builder.Relu(x, "classifier.2");
        x = builder.DropoutIfAny(x, "classifier.3", dropout);
        x = builder.Linear(x, "classifier.4", variant.Width);
        Node features = builder.Relu(x, "classifier.5");
        return builder.Build(builder.Classifier(features, "classifier.6", options), features);
    }

    private sealed record Variant(string Name, int[] Channels, int Width, double? Top1, string Description);
}

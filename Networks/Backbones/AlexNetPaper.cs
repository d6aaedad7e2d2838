using MLClassify.Graphs;

namespace MLClassify.Networks.Backbones;

/// <summary>
/// AlexNet as published (Krizhevsky et al. 2012; the address is in <see cref="NetworkDefinition.Paper"/>), <c>[N, H, W, 3]</c> to
/// <c>[N, 1, 1, classes]</c>:
/// 227 x 227 pixels, the two columns as groups, local response normalization. Parameters carry Caffe's names. The features are the last
/// hidden layer, <c>[N, 1, 1, 4096]</c>.
/// </summary>
internal static class AlexNetPaper
{
    private const float DefaultDropout = 0.5f;
    private const int Width = 4096;

    // Section 5: weights from a Gaussian of deviation 0.01; biases of 1 where ReLUs would otherwise start without input.
    private static readonly NormalInitializer Weights = new(0.01f);

    /// <summary>The family's networks.</summary>
    public static IEnumerable<NetworkDefinition> Definitions =>
    [
        new(Build)
        {
            Name = "alexnet_paper",
            Family = "AlexNet",
            Paper = new Paper(
                "ImageNet Classification with Deep Convolutional Neural Networks", new Uri("https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html")),
            Description = "AlexNet as published in 2012: two columns, local response normalization.",
            DefaultInputSize = 227,
            ResizeRatio = 256.0 / 227,
            MinimumInputSize = 67,
        },
    ];

    private static Graph Build(NetworkOptions options)
    {
        GraphBuilder builder = GraphBuilder.For("alexnet_paper", new Shape(options.InputHeight, options.InputWidth, 3));
        Node x = builder.Convolution(
            builder.Input, "conv1", 96, kernel: 11, stride: 4, weight: Weights, biasInitializer: Initializer.Zeros);
        x = NormPool(builder, builder.Relu(x, "relu1"), "1");
        x = builder.Convolution(
            x, "conv2", 256, kernel: 5, padding: 2, groups: 2, weight: Weights, biasInitializer: Initializer.Ones);
        x = NormPool(builder, builder.Relu(x, "relu2"), "2");
        x = ConvolutionRelu(builder, x, "3", 384, groups: 1, Initializer.Zeros);
        x = ConvolutionRelu(builder, x, "4", 384, groups: 2, Initializer.Ones);
        x = ConvolutionRelu(builder, x, "5", 256, groups: 2, Initializer.Ones);
        x = builder.MaxPool(x, "pool5", kernel: 3, stride: 2);

        // The identity at 227 x 227.
        x = builder.AdaptiveAveragePool(x, "avgpool", 6, 6);

        float dropout = options.Dropout ?? DefaultDropout;
        x = builder.Relu(builder.Linear(x, "fc6", Width, Weights, Initializer.Ones), "relu6");
        x = builder.DropoutIfAny(x, "drop6", dropout);
        Node features = builder.Relu(builder.Linear(x, "fc7", Width, Weights, Initializer.Ones), "relu7");
        return builder.Build(
            builder.Classifier(features, "fc8", options, ("drop7", DefaultDropout), Weights, Initializer.Zeros), features);
    }

    private static Node NormPool(GraphBuilder builder, Node input, string number) =>
        builder.MaxPool(builder.LocalResponseNorm(input, "norm" + number), "pool" + number, kernel: 3, stride: 2);

    private static Node ConvolutionRelu(GraphBuilder builder, Node input, string number, int channels, int groups, Initializer bias)
    {
        Node x = builder.Convolution(
            input, "conv" + number, channels, kernel: 3, padding: 1, groups: groups, weight: Weights, biasInitializer: bias);
        return builder.Relu(x, "relu" + number);
    }
}

using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.Testing;

/// <summary>A network of a few thousand values, so that tests of training take no time: two convolutions with batch normalization, pooling, dropout, a linear layer.</summary>
internal static class TinyNetwork
{
    /// <summary>Its name in the registry.</summary>
    public const string Name = "test_tiny";

    /// <summary>Registers the network. A test assembly that needs it does so when it is loaded: registering is not for several threads.</summary>
    public static void Register() => NetworkRegistry.Default.Register(new NetworkDefinition(Build)
    {
        Name = Name,
        Family = "Tests",
        Paper = new Paper("none", new Uri("https://example.org/")),
        Description = "For tests.",
        DefaultInputSize = 32,
        MinimumInputSize = 8,
    });

    private static Graph Build(NetworkOptions options)
    {
        var builder = GraphBuilder.For(Name, new Shape(options.InputHeight, options.InputWidth, 3));
        Node x = Block(builder, builder.Input, "stage1", 8);
        x = Block(builder, x, "stage2", 16);
        Node features = builder.GlobalAveragePool(x, "pool");
        Node dropped = builder.Dropout(features, "drop", options.Dropout ?? 0.1f);
        return builder.Build(builder.Linear(dropped, "fc", options.Classes), features);
    }

    private static Node Block(GraphBuilder builder, Node input, string name, int channels)
    {
        Node x = builder.Convolution(input, $"{name}.conv", channels, kernel: 3, stride: 2, padding: 1, bias: false);
        return builder.Relu(builder.BatchNorm(x, $"{name}.norm"), $"{name}.relu");
    }
}

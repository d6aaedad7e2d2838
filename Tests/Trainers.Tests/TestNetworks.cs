using System.Runtime.CompilerServices;
using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.Trainers.Tests;

/// <summary>Makes the tests' small networks known before any test runs.</summary>
internal static class TestNetworks
{
    [ModuleInitializer]
    internal static void Register()
    {
        TinyNetwork.Register();
        TwoLayers.Register();
    }
}

/// <summary>A network whose head is two linear layers: trained alone, it is no logistic regression.</summary>
internal static class TwoLayers
{
    public const string Name = "test_two_layers";

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
        Node features = builder.GlobalAveragePool(builder.Convolution(builder.Input, "conv", 8, kernel: 3, stride: 2, padding: 1), "pool");
        return builder.Build(builder.Linear(builder.Linear(features, "first", 6), "second", options.Classes), features);
    }
}

using System.Runtime.CompilerServices;
using MLClassify.Graphs;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;
using MLClassify.Models;
using MLClassify.Networks;

namespace MLClassify.Hosting.Tests;

/// <summary>Model files of one small network, which differ by the names of its three classes alone, and an image.</summary>
internal static class HostedModel
{
    [ModuleInitializer]
    internal static void Register() => TinyNetwork.Register();

    /// <summary>Writes a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labels">Three names.</param>
    public static void Write(string path, params string[] labels)
    {
        using TrainedModel model = Create(labels);
        model.Save(path);
    }

    /// <summary>The classifier of such a file.</summary>
    public static ImageClassifier Open(params string[] labels) => new(Create(labels));

    /// <summary>An encoded image.</summary>
    public static byte[] Image { get; } = Encode();

    private static TrainedModel Create(string[] labels)
    {
        var options = new NetworkOptions { Classes = labels.Length, InputHeight = 32, InputWidth = 32 };
        Graph graph = NetworkRegistry.Default.Get(TinyNetwork.Name).Build(options);
        return ModelFactory.Create(
            NetworkSpec.From(TinyNetwork.Name, options), graph, labels, PreprocessingSpec.ForInput(32, 1), new ComputeOptions { Device = ComputeDevice.Cpu, Threads = 1 }, parameters => parameters.Initialize(7));
    }

    private static byte[] Encode()
    {
        var image = new Image(48, 40);
        new Random(1).NextBytes(image.Pixels);
        return PngEncoder.Encode(image, System.IO.Compression.CompressionLevel.Fastest);
    }
}

using System.Security.Cryptography;
using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.Tests.Shared;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Tests.Commands.Backbones;

/// <summary>A server that publishes weights of the tests' small network, twice, and an empty cache.</summary>
internal sealed class PublishedTiny : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlclassify-published-").FullName;

    /// <param name="handler">Answers instead of the file.</param>
    /// <param name="network">The name that the published weights go by.</param>
    public PublishedTiny(Func<LoopbackRequest, Stream, Task>? handler = null, string network = TinyNetwork.Name)
    {
        Content = Weights(1);
        Server = handler is null ? LoopbackServer.Of(Content) : new LoopbackServer(handler);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Content))[..8];
        Tiny = new PublishedWeights(network, "v1", $"{network}-{hash}.safetensors", 0.5, 0.1, ResizeSize: 232);
        Options = new WeightsCacheOptions
        {
            Folder = Path.Combine(_folder, "weights"),
            Mirror = Server.Root,
            Table = new PublishedWeightsTable([Tiny]),
            Download = new DownloaderOptions { FirstPause = TimeSpan.FromMilliseconds(1), Retries = 1 },
            ProbeTimeout = TimeSpan.FromSeconds(20),
            Embedded = null,
        };
    }

    public byte[] Content { get; }

    public LoopbackServer Server { get; }

    public PublishedWeights Tiny { get; }

    public WeightsCacheOptions Options { get; }

    public string CachedFile => Path.Combine(_folder, "weights", Tiny.FileName);

    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Values of the small network, for the three colours.</summary>
    public byte[] Weights(ulong seed)
    {
        Graph graph = NetworkRegistry.Default.Get(TinyNetwork.Name).Build(new NetworkOptions { Classes = 3, InputHeight = 32, InputWidth = 32 });
        using var engine = new CpuEngine(1);
        using ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        parameters.Initialize(seed);
        string file = this[$"{seed}.safetensors"];
        SafetensorsWriter.Write(file, parameters);
        return File.ReadAllBytes(file);
    }

    public void Dispose()
    {
        Server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

using System.Security.Cryptography;
using MLClassify.Common;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Tests.Commands.Backbones;

/// <summary>A server that publishes weights of the tests' small network, twice, and an empty cache.</summary>
internal sealed class PublishedTiny : IDisposable
{
    private readonly TemporaryFolder _folder = new();

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
            Folder = _folder["weights"],
            Mirror = Server.Root,
            PackageFolder = _folder["packages"],
            Table = new PublishedWeightsTable([Tiny]),
            Download = new DownloaderOptions { FirstPause = TimeSpan.FromMilliseconds(1), Retries = 1 },
            ProbeTimeout = Waiting.Limit,
            Embedded = null,
        };
    }

    public byte[] Content { get; }

    public LoopbackServer Server { get; }

    public PublishedWeights Tiny { get; }

    public WeightsCacheOptions Options { get; }

    public string CachedFile => Path.Combine(_folder.Root, "weights", Tiny.FileName);

    public string this[string name] => _folder[name];

    /// <summary>Values of the small network, for the three colors.</summary>
    public byte[] Weights(ulong seed) => File.ReadAllBytes(SeededWeights.Write(this[$"{seed}.safetensors"], TinyNetwork.Name, classes: 3, size: 32, seed));

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
    }
}

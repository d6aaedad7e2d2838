using System.Security.Cryptography;
using MLClassify.Common;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.WeightFiles.Tests.Pretrained;

/// <summary>An empty cache, and a server that publishes weights for <c>resnet50</c> and <c>cifar_resnet20</c>: a text each.</summary>
internal sealed class CacheFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CacheFixture(bool isOffline = false, Func<LoopbackRequest, Stream, Task>? handler = null, EmbeddedBackbone? embedded = null, string? home = null)
    {
        Server = handler is null ? LoopbackServer.Of(Content) : new LoopbackServer(handler);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Content))[..8];
        Resnet = new PublishedWeights("resnet50", "v1", $"resnet50-{hash}.pth", 0.5, 0.1);
        Second = new PublishedWeights("resnet50", "v2", "resnet50-11ad3fa6.pth", 0.6, 0.1, ResizeSize: 232, IsDefault: false);
        Options = new WeightsCacheOptions
        {
            Folder = home ?? _folder["weights"],
            Mirror = new Uri(Server.Root, "mirror/"),
            IsOffline = isOffline,
            PackageFolder = _folder["packages"],
            Table = new PublishedWeightsTable([Resnet, Second], new Dictionary<string, string> { ["vgg16_cifar"] = "for a reason" }),
            Download = new DownloaderOptions { FirstPause = TimeSpan.FromMilliseconds(1), Retries = 1, IdleTimeout = Waiting.Limit },
            ProbeTimeout = Waiting.Limit,
            Embedded = embedded,
        };
        Cache = new WeightsCache(Options);
        Resolver = new WeightResolver(Cache);
    }

    public byte[] Content { get; } = "not really weights"u8.ToArray();

    public LoopbackServer Server { get; }

    public PublishedWeights Resnet { get; }

    public PublishedWeights Second { get; }

    public WeightsCacheOptions Options { get; }

    public WeightsCache Cache { get; }

    public WeightResolver Resolver { get; }

    /// <summary>A file beside the cache.</summary>
    public string File(string name) => _folder[name];

    /// <summary>Writes real weights of a small network.</summary>
    public string WriteWeights(string name, ulong seed = 1, int classes = 10) =>
        SeededWeights.Write(File(name), "cifar_resnet20", classes, size: 32, seed);

    public void Dispose()
    {
        Cache.Dispose();
        Server.Dispose();
        _folder.Dispose();
    }
}

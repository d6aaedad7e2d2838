using System.Security.Cryptography;

namespace MLClassify.Common.Tests;

/// <summary>A folder that is gone after the test, a file's content, and a downloader without patience.</summary>
internal sealed class DownloadFixture : IDisposable
{
    public static readonly DownloaderOptions Quick = new()
    {
        FirstPause = TimeSpan.FromMilliseconds(1),
        Retries = 3,
        IdleTimeout = Waiting.Limit,
    };

    private readonly TemporaryFolder _folder = new();

    public DownloadFixture(DownloaderOptions? options = null)
    {
        Downloader = new Downloader(options ?? Quick);
        new Random(7).NextBytes(Content);
    }

    public byte[] Content { get; } = new byte[300_000];

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Content));

    public string Folder => _folder.Root;

    public string Target => Path.Combine(Folder, "file.bin");

    public string Part => Target + ".part";

    public string Tag => Target + ".part.tag";

    public Downloader Downloader { get; }

    public DownloadRequest Request(Uri root) => new() { Address = new Uri(root, "models/file.bin"), Path = Target, Sha256 = Hash[..8] };

    public Task<DownloadResult> FetchAsync(Uri root) => Downloader.FetchAsync(Request(root));

    /// <summary>The file is there with the right content, and nothing else but the lock.</summary>
    public void AssertComplete()
    {
        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.Equal([".file.bin.lock", "file.bin"], Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    /// <summary>Neither file nor pieces of it are there.</summary>
    public void AssertNothing() => Assert.Equal([".file.bin.lock"], Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)));

    public void Dispose()
    {
        Downloader.Dispose();
        _folder.Dispose();
    }
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using MLClassify.Common;
using MLClassify.Datasets;

namespace MLClassify.Cli.Tests.Commands;

public sealed class DataDownloadCommandTests : IDisposable
{
    private readonly ColorImageFolder _images = new(perClass: 4);
    private readonly LoopbackServer _server;
    private readonly byte[] _archive;

    public DataDownloadCommandTests()
    {
        _archive = Archive();
        _server = LoopbackServer.Of(_archive);
    }

    private string Out => _images["out"];

    public void Dispose()
    {
        _server.Dispose();
        _images.Dispose();
    }

    [Fact]
    public async Task Download_Flowers_SaysWhatCameAndHowToTrain()
    {
        ToolResult result = await RunAsync(Options(), "data", "download", "flowers", "--out", Out);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal($"flowers: {Out}: 3 classes, 12 images", result.OutputLines[^3]);
        Assert.StartsWith("terms of use: photos under CC BY 2.0", result.OutputLines[^2], StringComparison.Ordinal);
        Assert.Equal($"train: mlclassify train {Out}", result.OutputLines[^1]);
        Assert.Contains("/flowers/flower_photos.tgz", _server.Requests.Single().Target, StringComparison.Ordinal);
        Assert.Equal(12, ImageFolder.Open(Out).Samples.Count);

        ToolResult again = await RunAsync(Options(), "data", "download", "flowers", "--out", Out, "--json");
        JsonElement line = JsonDocument.Parse(again.Output).RootElement;
        Assert.Equal(("cached", 12, true), (line.GetProperty("event").GetString(), line.GetProperty("train_images").GetInt32(), line.GetProperty("files")[0].GetProperty("known").GetBoolean()));
    }

    [Fact]
    public async Task Download_OtherContent_IsRefusedUnlessAskedFor()
    {
        ToolResult refused = await RunAsync(Options(), DatasetCatalog.All, "data", "download", "flowers", "--out", Out);
        Assert.Equal(1, refused.Code);
        Assert.Contains("expected SHA-256 4c54ace7", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));

        ToolResult accepted = await RunAsync(Options(), DatasetCatalog.All, "data", "download", "flowers", "--out", Out, "--any-content");
        Assert.Equal(0, accepted.Code);
        Assert.StartsWith("warning: flower_photos.tgz is not the known file: received SHA-256 ", accepted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_Offline_SaysWhatToDoInOneLine()
    {
        ToolResult result = await RunAsync(Options() with { IsOffline = true }, "data", "download", "flowers", "--out", Out);

        Assert.Equal(1, result.Code);
        Assert.StartsWith("error: flowers is not here: nothing is fetched", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data", "download", "dogs")]
    [InlineData("data", "download")]
    [InlineData("data", "download", "flowers", "--mirror", "http://example.org/")]
    [InlineData("data", "unpack", "x")]
    public async Task Download_NotValid_IsWrongUsage(params string[] args)
    {
        ToolResult result = await RunAsync(Options(), args);

        Assert.Equal(2, result.Code);
        Assert.Single(result.ErrorLines);
    }

    private byte[] Archive()
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        using (var writer = new TarWriter(gzip))
        {
            foreach (string file in Directory.GetFiles(_images.Root, "*", SearchOption.AllDirectories))
            {
                writer.WriteEntry(file, $"flower_photos/{Path.GetFileName(Path.GetDirectoryName(file))}/{Path.GetFileName(file)}");
            }
        }

        return memory.ToArray();
    }

    private DatasetDownloaderOptions Options() => new()
    {
        Folder = _images["kept"],
        Mirror = _server.Root,
        Download = new DownloaderOptions { FirstPause = TimeSpan.FromMilliseconds(1), Retries = 1 },
    };

    private Task<ToolResult> RunAsync(DatasetDownloaderOptions options, params string[] args)
    {
        DatasetDefinition flowers = DatasetCatalog.Get("flowers");
        string hash = Convert.ToHexStringLower(SHA256.HashData(_archive));
        return RunAsync(options, [flowers with { Files = [flowers.Files[0] with { Bytes = _archive.Length, Sha256 = hash }] }], args);
    }

    private static async Task<ToolResult> RunAsync(DatasetDownloaderOptions options, IReadOnlyList<DatasetDefinition> catalog, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CommandLine.RunAsync(args, new CliContext(output, error) { Datasets = () => options, Catalog = catalog });
        return new ToolResult(code, output.ToString(), error.ToString());
    }
}

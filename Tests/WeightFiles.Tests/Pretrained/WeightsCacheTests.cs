using MLClassify.Common;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.WeightFiles.Tests.Pretrained;

public sealed class WeightsCacheTests
{
    [Fact]
    public async Task EnsureAsync_Twice_FetchesOnceFromTheMirror()
    {
        using var test = new CacheFixture();
        Assert.False(test.Cache.Contains(test.Resnet));

        DownloadResult first = await test.Cache.EnsureAsync(test.Resnet);
        DownloadResult second = await test.Cache.EnsureAsync(test.Resnet);

        Assert.Equal((true, false), (first.IsNew, second.IsNew));
        Assert.Equal($"/mirror/{test.Resnet.FileName}", Assert.Single(test.Server.Requests).Target);
        Assert.Equal(Path.Combine(test.Cache.Folder, test.Resnet.FileName), first.Path);
        Assert.Equal(test.Content, File.ReadAllBytes(first.Path));
        Assert.True(test.Cache.Contains(test.Resnet));
    }

    [Fact]
    public async Task EnsureAsync_Refused_NamesFileAddressPlaceAndImport()
    {
        using var test = new CacheFixture(handler: (_, stream) => LoopbackServer.SendHeadAsync(stream, "403 Forbidden", 0));

        var thrown = await Assert.ThrowsAsync<WeightsUnavailableException>(() => test.Cache.EnsureAsync(test.Resnet));

        Assert.DoesNotContain('\n', thrown.Message);
        Assert.Contains("the answer is 403 Forbidden", thrown.Message);
        Assert.Contains($"{test.Server.Root}mirror/{test.Resnet.FileName}", thrown.Message);
        Assert.Contains($"Get {test.Resnet.FileName} (0.1 MiB) from https://download.pytorch.org/models/{test.Resnet.FileName}", thrown.Message);
        Assert.Contains($"Get {test.Resnet.FileName} (", thrown.Message);
        Assert.Contains(test.Cache.PathOf(test.Resnet), thrown.Message);
    }

    [Fact]
    public async Task EnsureAsync_AnotherFile_NamesBothHashes()
    {
        using var test = new CacheFixture(handler: (request, stream) => LoopbackServer.SendFileAsync(request, stream, "other"u8.ToArray()));

        var thrown = await Assert.ThrowsAsync<WeightsUnavailableException>(() => test.Cache.EnsureAsync(test.Resnet));

        Assert.Contains($"expected SHA-256 {test.Resnet.Sha256}..., found", thrown.Message);
        Assert.False(test.Cache.Contains(test.Resnet));
    }

    [Fact]
    public async Task EnsureAsync_LargerThanPublished_IsRefused()
    {
        using var test = new CacheFixture(handler: (_, stream) => LoopbackServer.SendHeadAsync(stream, "200 OK", 1L << 40));

        var thrown = await Assert.ThrowsAsync<WeightsUnavailableException>(() => test.Cache.EnsureAsync(test.Resnet));

        Assert.Contains("too large", thrown.Message);
    }

    [Fact]
    public async Task EnsureAsync_Offline_NeverAsks()
    {
        using var test = new CacheFixture(isOffline: true);

        var thrown = await Assert.ThrowsAsync<WeightsUnavailableException>(() => test.Cache.EnsureAsync(test.Resnet));
        await Assert.ThrowsAsync<WeightsUnavailableException>(() => test.Cache.ProbeAsync(test.Resnet));

        Assert.Contains("MLCLASSIFY_OFFLINE", thrown.Message);
        Assert.Empty(test.Server.Requests);
    }

    [Fact]
    public async Task EnsureAsync_OfflineWithTheFile_TakesItIfItIsRight()
    {
        using var test = new CacheFixture(isOffline: true);
        Directory.CreateDirectory(test.Cache.Folder);
        File.WriteAllBytes(test.Cache.PathOf(test.Resnet), test.Content);
        Assert.False((await test.Cache.EnsureAsync(test.Resnet)).IsNew);

        File.WriteAllText(test.Cache.PathOf(test.Resnet), "damaged");
        var thrown = await Assert.ThrowsAsync<WeightsUnavailableException>(() => test.Cache.EnsureAsync(test.Resnet));
        Assert.Contains($"is damaged or another file (expected SHA-256 {test.Resnet.Sha256}...", thrown.Message);
    }

    [Fact]
    public async Task EnsureAsync_FolderCannotBeMade_SaysSo()
    {
        using var test = new CacheFixture(home: typeof(WeightsCacheTests).Assembly.Location);

        var thrown = await Assert.ThrowsAsync<WeightsUnavailableException>(() => test.Cache.EnsureAsync(test.Resnet));

        Assert.Contains("cannot be written", thrown.Message);
    }

    [Fact]
    public async Task EnsureAsync_TwoCaches_AskOnce()
    {
        using var test = new CacheFixture();
        using var other = new WeightsCache(test.Options);

        DownloadResult[] results = await Task.WhenAll(test.Cache.EnsureAsync(test.Resnet), other.EnsureAsync(test.Resnet));

        Assert.Single(results, r => r.IsNew);
        Assert.Single(test.Server.Requests);
    }

    [Fact]
    public void Imported_OtherFilesInTheFolder_AreNot()
    {
        using var test = new CacheFixture();
        Assert.Empty(test.Cache.Imported("resnet50"));
        Directory.CreateDirectory(test.Cache.Folder);
        foreach (string name in new[] { test.Resnet.FileName, "resnet50-12345678.txt", "resnet50.pth", "resnet50-xyz.pth", "resnet5-12345678.pth", "resnet50-12345678.pth.part" })
        {
            File.WriteAllText(Path.Combine(test.Cache.Folder, name), "");
        }

        Assert.Empty(test.Cache.Imported("resnet50"));
        File.WriteAllText(Path.Combine(test.Cache.Folder, "resnet50-12345678.safetensors"), "");
        Assert.Equal("resnet50-12345678.safetensors", Path.GetFileName(Assert.Single(test.Cache.Imported("ResNet50"))));
    }
}

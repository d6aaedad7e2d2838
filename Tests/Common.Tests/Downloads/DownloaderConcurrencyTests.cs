namespace MLClassify.Common.Tests;

public sealed class DownloaderConcurrencyTests : IDisposable
{
    private readonly DownloadFixture _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task FetchAsync_TwoAtOnce_OneFetchesAndTheOtherFindsTheFile()
    {
        var asked = new TaskCompletionSource();
        var waits = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        using var server = new LoopbackServer(async (request, stream) =>
        {
            asked.TrySetResult();
            await release.Task;
            await LoopbackServer.SendFileAsync(request, stream, _test.Content);
        });
        using var second = new Downloader(DownloadFixture.Quick);

        Task<DownloadResult> one = _test.FetchAsync(server.Root);
        await asked.Task.OrHang();
        var progress = new ProgressRecorder<DownloadProgress>(report =>
        {
            if (report.Phase == DownloadPhase.Waiting)
            {
                waits.TrySetResult();
            }
        });
        Task<DownloadResult> other = second.FetchAsync(_test.Request(server.Root), progress);
        await waits.Task.OrHang();
        release.SetResult();

        Assert.True((await one).IsNew);
        Assert.False((await other).IsNew);
        Assert.Single(server.Requests);
        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_ManyAtOnce_AskOnce()
    {
        using LoopbackServer server = LoopbackServer.Of(_test.Content);

        DownloadResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _test.FetchAsync(server.Root)));

        Assert.Single(results, r => r.IsNew);
        Assert.Single(server.Requests);
        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_FirstFails_SecondContinues()
    {
        var asked = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        using var server = new LoopbackServer(async (request, stream) =>
        {
            asked.TrySetResult();
            await release.Task;
            await LoopbackServer.SendFileAsync(request, stream, _test.Content, bytes: request.Number == 1 ? 100_000 : null);
        });
        using var hasty = new Downloader(DownloadFixture.Quick with { Retries = 0 });

        Task<DownloadResult> one = hasty.FetchAsync(_test.Request(server.Root));
        await asked.Task.OrHang();

        Task<DownloadResult> other = _test.FetchAsync(server.Root);
        release.SetResult();

        await Assert.ThrowsAsync<DownloadException>(() => one);
        Assert.True((await other).IsNew);
        Assert.Equal([0, 100_000], server.Requests.Select(r => r.Offset));
        _test.AssertComplete();
    }
}

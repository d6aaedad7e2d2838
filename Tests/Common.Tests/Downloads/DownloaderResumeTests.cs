using Microsoft.Extensions.Time.Testing;

namespace MLClassify.Common.Tests;

/// <summary>Connections that break, servers that lie, and what is left of earlier attempts.</summary>
public sealed class DownloaderResumeTests : IDisposable
{
    private readonly DownloadFixture _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task FetchAsync_CutOff_ContinuesWhereItBroke()
    {
        using var server = new LoopbackServer((request, stream) =>
            LoopbackServer.SendFileAsync(request, stream, _test.Content, bytes: request.Number == 1 ? 100_000 : null));

        await _test.FetchAsync(server.Root);

        Assert.Equal([0, 100_000], server.Requests.Select(r => r.Offset));
        Assert.Equal("\"1\"", server.Requests[1].Headers["If-Range"]);
        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_CutOffAtAnyPlaces_GivesTheSameBytes()
    {
        var random = new Random(11);
        for (int round = 0; round < 20; round++)
        {
            bool knowsRanges = random.Next(4) > 0;
            string? etag = random.Next(2) > 0 ? "\"1\"" : null;
            int cuts = random.Next(1, 4);
            int[] bytes = [.. Enumerable.Range(0, cuts).Select(_ => random.Next(_test.Content.Length / 3))];
            using var server = new LoopbackServer((request, stream) => LoopbackServer.SendFileAsync(
                knowsRanges ? request : request with { Headers = new Dictionary<string, string>() },
                stream,
                _test.Content,
                etag,
                request.Number <= cuts ? bytes[request.Number - 1] : null));

            await _test.FetchAsync(server.Root);

            _test.AssertComplete();
            File.Delete(_test.Target);
        }
    }

    [Fact]
    public async Task FetchAsync_CutOffAndRangeIgnored_BeginsAnew()
    {
        using var server = new LoopbackServer((request, stream) => LoopbackServer.SendFileAsync(
            request with { Headers = new Dictionary<string, string>() }, stream, _test.Content, bytes: request.Number == 1 ? 100_000 : null));

        await _test.FetchAsync(server.Root);

        Assert.Equal(2, server.Requests.Count);
        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_CutOffEveryTime_GivesUpKeepsWhatCameAndContinuesLater()
    {
        using var broken = new LoopbackServer((request, stream) => LoopbackServer.SendFileAsync(request, stream, _test.Content, bytes: 10_000));

        var thrown = await Assert.ThrowsAsync<DownloadException>(() => _test.FetchAsync(broken.Root));

        Assert.Equal(DownloadFailure.Unreachable, thrown.Failure);
        Assert.Contains("the connection ended after 40000 of 300000 bytes; 40000 bytes are kept", thrown.Message);
        Assert.Equal(DownloadFixture.Quick.Retries + 1, broken.Requests.Count);
        Assert.False(File.Exists(_test.Target));

        // Another server: the hash alone tells that the rest belongs to what is here.
        using LoopbackServer server = LoopbackServer.Of(_test.Content);
        await _test.FetchAsync(server.Root);
        Assert.Equal(40_000, Assert.Single(server.Requests).Offset);
        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_CutOffOftenButGettingFurther_IsContinued()
    {
        using var test = new DownloadFixture(DownloadFixture.Quick with { Retries = 1, WorthwhileBytes = 50_000 });
        using var server = new LoopbackServer((request, stream) => LoopbackServer.SendFileAsync(request, stream, test.Content, bytes: 60_000));

        await test.FetchAsync(server.Root);

        Assert.Equal(5, server.Requests.Count);
        test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_RangeIgnoredAndAlwaysCutOff_Ends()
    {
        // Every attempt brings much, none gets further.
        using var test = new DownloadFixture(DownloadFixture.Quick with { Retries = 2, WorthwhileBytes = 1 });
        using var server = new LoopbackServer((request, stream) => LoopbackServer.SendFileAsync(
            request with { Headers = new Dictionary<string, string>() }, stream, test.Content, bytes: 200_000));

        await Assert.ThrowsAsync<DownloadException>(() => test.FetchAsync(server.Root));

        Assert.InRange(server.Requests.Count, 3, 4);
    }

    [Fact]
    public async Task FetchAsync_LengthClaimedTooLarge_SaysWhatCame()
    {
        using var server = new LoopbackServer(async (_, stream) =>
        {
            await LoopbackServer.SendHeadAsync(stream, "200 OK", _test.Content.Length + 1000L);
            await stream.WriteAsync(_test.Content);
        });

        var thrown = await Assert.ThrowsAsync<DownloadException>(() => _test.FetchAsync(server.Root));

        Assert.Contains("the connection ended after 300000 of 301000 bytes", thrown.Message);
        Assert.False(File.Exists(_test.Target));
    }

    [Fact]
    public async Task FetchAsync_LengthClaimedTooSmall_IsAnotherFile()
    {
        using var server = new LoopbackServer(async (_, stream) =>
        {
            await LoopbackServer.SendHeadAsync(stream, "200 OK", _test.Content.Length - 1000L);
            await stream.WriteAsync(_test.Content);
        });

        var thrown = await Assert.ThrowsAsync<DownloadException>(() => _test.FetchAsync(server.Root));

        Assert.Equal(DownloadFailure.WrongContent, thrown.Failure);
        Assert.Contains("(299000 bytes, removed)", thrown.Message);
        _test.AssertNothing();
    }

    [Fact]
    public async Task FetchAsync_LengthUntold_IsTakenToTheEnd()
    {
        using var server = new LoopbackServer(async (_, stream) =>
        {
            await LoopbackServer.SendHeadAsync(stream, "200 OK", null);
            await stream.WriteAsync(_test.Content);
        });

        await _test.FetchAsync(server.Root);

        _test.AssertComplete();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FetchAsync_ServerFallsSilent_GivesUpAfterTheTimeout(bool inTheMiddle)
    {
        var time = new FakeTimeProvider();
        DownloaderOptions options = DownloadFixture.Quick with { Retries = 1, IdleTimeout = TimeSpan.FromMinutes(1), Time = time };
        using var test = new DownloadFixture(options);
        using var server = new LoopbackServer(async (request, stream) =>
        {
            if (inTheMiddle)
            {
                await LoopbackServer.SendFileAsync(request, stream, test.Content, bytes: 1000);
                await stream.FlushAsync();
            }
            else
            {
                time.Advance(options.IdleTimeout);
            }

            await LoopbackServer.StaySilentAsync(stream);
        });
        var progress = new ProgressRecorder<DownloadProgress>(report =>
        {
            if (report.Phase == DownloadPhase.Receiving)
            {
                time.Advance(options.IdleTimeout);
            }
        });

        Task<DownloadResult> fetch = test.Downloader.FetchAsync(test.Request(server.Root), progress);
        await time.RunUntilAsync(fetch, options.FirstPause);
        var thrown = await Assert.ThrowsAsync<DownloadException>(() => fetch);

        Assert.Equal(DownloadFailure.Unreachable, thrown.Failure);
        Assert.Contains(inTheMiddle ? "the server fell silent after" : "does not answer", thrown.Message);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task FetchAsync_Canceled_KeepsWhatCameAndContinuesLater()
    {
        using var server = new LoopbackServer(async (request, stream) =>
        {
            await LoopbackServer.SendFileAsync(request, stream, _test.Content, bytes: request.Number == 1 ? 100_000 : null);
            await stream.FlushAsync();
            if (request.Number == 1)
            {
                await LoopbackServer.StaySilentAsync(stream);
            }
        });
        using var stop = new CancellationTokenSource();
        var progress = new ProgressRecorder<DownloadProgress>(report =>
        {
            if (report is { Phase: DownloadPhase.Receiving, Received: > 0 })
            {
                stop.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _test.Downloader.FetchAsync(_test.Request(server.Root), progress, stop.Token));

        long kept = new FileInfo(_test.Part).Length;
        Assert.InRange(kept, 1, 100_000);
        await _test.FetchAsync(server.Root);
        Assert.Equal(kept, server.Requests[1].Offset);
        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_PartOfAnotherVersionWithItsTag_IsLeftBehindByTheServersWord()
    {
        File.WriteAllBytes(_test.Part, new byte[5000]);
        using LoopbackServer server = LoopbackServer.Of(_test.Content, "\"new\"");
        File.WriteAllText(_test.Tag, $"{server.Root}models/file.bin\n\n\"old\"\n\n");

        await _test.FetchAsync(server.Root);

        Assert.Equal("\"old\"", Assert.Single(server.Requests).Headers["If-Range"]);
        _test.AssertComplete();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense\n\n\n\n\n")]
    [InlineData("http://127.0.0.1:1/other\n5000\n\"1\"\n\n")]
    public async Task FetchAsync_PartOfAnotherVersionWithoutTag_IsFoundOutByTheHash(string? tag)
    {
        File.WriteAllBytes(_test.Part, new byte[5000]);
        if (tag is not null)
        {
            File.WriteAllText(_test.Tag, tag);
        }

        using LoopbackServer server = LoopbackServer.Of(_test.Content);

        await _test.FetchAsync(server.Root);

        Assert.Equal([5000, 0], server.Requests.Select(r => r.Offset));
        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_PartWithoutTagAndHash_IsNotContinued()
    {
        File.WriteAllBytes(_test.Part, new byte[5000]);
        using LoopbackServer server = LoopbackServer.Of(_test.Content);

        await _test.Downloader.FetchAsync(_test.Request(server.Root) with { Sha256 = null });

        Assert.Equal(0, Assert.Single(server.Requests).Offset);
        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_PartIsWhole_IsOnlyChecked()
    {
        File.WriteAllBytes(_test.Part, _test.Content);
        using LoopbackServer server = LoopbackServer.Of(_test.Content);

        await _test.FetchAsync(server.Root);

        Assert.Equal(_test.Content.Length, Assert.Single(server.Requests).Offset);
        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_PartIsTooLong_IsFetchedAnew()
    {
        File.WriteAllBytes(_test.Part, new byte[_test.Content.Length + 1]);
        using LoopbackServer server = LoopbackServer.Of(_test.Content);

        await _test.FetchAsync(server.Root);

        Assert.Equal([_test.Content.Length + 1, 0], server.Requests.Select(r => r.Offset));
        _test.AssertComplete();
    }

    [Theory]
    [InlineData("Content-Range: bytes 0-299999/300000\r\n")]
    [InlineData("Content-Range: bytes 200000-299999/300000\r\n")]
    [InlineData("")]
    public async Task FetchAsync_ServerSendsAnotherRange_BeginsAnew(string range)
    {
        File.WriteAllBytes(_test.Part, _test.Content[..100_000]);
        using var server = new LoopbackServer(async (request, stream) =>
        {
            if (request.Number > 1)
            {
                await LoopbackServer.SendFileAsync(request, stream, _test.Content);
                return;
            }

            await LoopbackServer.SendHeadAsync(stream, "206 Partial Content", 200_000, range);
            await stream.WriteAsync(_test.Content.AsMemory(100_000));
        });

        await _test.FetchAsync(server.Root);

        Assert.Equal([100_000, 0], server.Requests.Select(r => r.Offset));
        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_RestOfAnotherLength_BeginsAnew()
    {
        using var server = new LoopbackServer(async (request, stream) =>
        {
            if (request.Number == 2)
            {
                await LoopbackServer.SendHeadAsync(stream, "206 Partial Content", 50_000, "Content-Range: bytes 100000-149999/150000\r\n");
                await stream.WriteAsync(new byte[50_000]);
                return;
            }

            await LoopbackServer.SendFileAsync(request, stream, _test.Content, bytes: request.Number == 1 ? 100_000 : null);
        });

        await _test.FetchAsync(server.Root);

        Assert.Equal([0, 100_000, 0], server.Requests.Select(r => r.Offset));
        _test.AssertComplete();
    }
}

using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace MLClassify.Common.Tests;

public sealed class DownloaderTests : IDisposable
{
    private readonly DownloadFixture _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task FetchAsync_Twice_AsksOnce()
    {
        using LoopbackServer server = LoopbackServer.Of(_test.Content);

        DownloadResult first = await _test.FetchAsync(server.Root);
        DownloadResult second = await _test.FetchAsync(server.Root);

        Assert.Equal(new DownloadResult(_test.Target, _test.Hash, IsNew: true), first);
        Assert.Equal(first with { IsNew = false }, second);
        Assert.Equal("/models/file.bin", Assert.Single(server.Requests).Target);
        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_FileThereIsDamaged_IsReplaced()
    {
        using LoopbackServer server = LoopbackServer.Of(_test.Content);
        File.WriteAllText(_test.Target, "not this");

        Assert.True((await _test.FetchAsync(server.Root)).IsNew);

        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_Forced_ReplacesOnlyBySuccess()
    {
        using LoopbackServer server = LoopbackServer.Of(_test.Content);
        using var broken = new LoopbackServer((_, stream) => LoopbackServer.SendHeadAsync(stream, "404 Not Found", 0));
        await _test.FetchAsync(server.Root);

        await Assert.ThrowsAsync<DownloadException>(() => _test.Downloader.FetchAsync(_test.Request(broken.Root) with { Force = true }));
        _test.AssertComplete();

        Assert.True((await _test.Downloader.FetchAsync(_test.Request(server.Root) with { Force = true })).IsNew);
        Assert.Equal(2, server.Requests.Count);
        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_WithProgress_TellsBytesUpToTheWhole()
    {
        using LoopbackServer server = LoopbackServer.Of(_test.Content);
        var progress = new ProgressRecorder<DownloadProgress>();

        await _test.Downloader.FetchAsync(_test.Request(server.Root), progress);

        IReadOnlyList<DownloadProgress> reports = progress.Reports;
        Assert.Equal(DownloadPhase.Connecting, reports[0].Phase);
        Assert.Contains(new DownloadProgress("file.bin", DownloadPhase.Receiving, _test.Content.Length, _test.Content.Length), reports);
        Assert.Equal(DownloadPhase.Checking, reports[^1].Phase);
        Assert.Equal(reports.Select(r => r.Received), reports.Select(r => r.Received).Order());
    }

    [Theory]
    [InlineData("404 Not Found", HttpStatusCode.NotFound)]
    [InlineData("403 Forbidden", HttpStatusCode.Forbidden)]
    [InlineData("407 Proxy Authentication Required", HttpStatusCode.ProxyAuthenticationRequired)]
    [InlineData("204 No Content", HttpStatusCode.NoContent)]
    public async Task FetchAsync_Refused_SaysSoAtOnce(string status, HttpStatusCode code)
    {
        using var server = new LoopbackServer((_, stream) => LoopbackServer.SendHeadAsync(stream, status, 0));

        var thrown = await Assert.ThrowsAsync<DownloadException>(() => _test.FetchAsync(server.Root));

        Assert.Equal((DownloadFailure.Refused, code), (thrown.Failure, thrown.Status.GetValueOrDefault()));
        Assert.Equal($"{server.Root}models/file.bin could not be downloaded: the answer is {status}", thrown.Message.Split(';')[0]);
        Assert.Single(server.Requests);
        _test.AssertNothing();
    }

    [Fact]
    public async Task FetchAsync_ServerIsBusyFirst_TriesAgain()
    {
        using var server = new LoopbackServer((request, stream) => request.Number < 3
            ? LoopbackServer.SendHeadAsync(stream, "503 Service Unavailable", 0)
            : LoopbackServer.SendFileAsync(request, stream, _test.Content));

        await _test.FetchAsync(server.Root);

        _test.AssertComplete();
    }

    [Fact]
    public async Task FetchAsync_ServerIsAlwaysBusy_SaysSoWithItsStatus()
    {
        using var server = new LoopbackServer((_, stream) => LoopbackServer.SendHeadAsync(stream, "503 Service Unavailable", 0));

        var thrown = await Assert.ThrowsAsync<DownloadException>(() => _test.FetchAsync(server.Root));

        Assert.Equal((DownloadFailure.Refused, HttpStatusCode.ServiceUnavailable), (thrown.Failure, thrown.Status.GetValueOrDefault()));
        Assert.Equal(DownloadFixture.Quick.Retries + 1, server.Requests.Count);
    }

    [Fact]
    public async Task FetchAsync_NobodyListens_SaysSo()
    {
        var server = new LoopbackServer((_, _) => Task.CompletedTask);
        Uri root = server.Root;
        server.Dispose();

        var thrown = await Assert.ThrowsAsync<DownloadException>(() => _test.FetchAsync(root));

        Assert.Equal(DownloadFailure.Unreachable, thrown.Failure);
        Assert.Contains("there is no connection", thrown.Message);
    }

    [Theory]
    [InlineData("text/html; charset=utf-8")]
    [InlineData("application/octet-stream")]
    public async Task FetchAsync_WebPageInstead_SaysSo(string type)
    {
        byte[] page = Encoding.UTF8.GetBytes("\n<!DOCTYPE html><html><body>Please log in</body></html>");
        using var server = new LoopbackServer(async (_, stream) =>
        {
            await LoopbackServer.SendHeadAsync(stream, "200 OK", page.Length, $"Content-Type: {type}\r\n");
            await stream.WriteAsync(page);
        });

        var thrown = await Assert.ThrowsAsync<DownloadException>(() => _test.FetchAsync(server.Root));

        Assert.Equal(DownloadFailure.WrongContent, thrown.Failure);
        Assert.Contains("the answer is a web page, not the file", thrown.Message);
        Assert.Single(server.Requests);
        _test.AssertNothing();
    }

    [Fact]
    public async Task FetchAsync_WrongFile_IsRemovedAndBothHashesAreNamed()
    {
        byte[] other = new byte[1000];
        using LoopbackServer server = LoopbackServer.Of(other);

        var thrown = await Assert.ThrowsAsync<DownloadException>(() => _test.FetchAsync(server.Root));

        string found = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(other))[..8];
        Assert.Contains($"expected SHA-256 {_test.Hash[..8]}..., found {found}... (1000 bytes, removed)", thrown.Message);
        Assert.Single(server.Requests);
        _test.AssertNothing();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FetchAsync_TooLarge_IsRefused(bool saysSo)
    {
        using var server = new LoopbackServer(async (_, stream) =>
        {
            await LoopbackServer.SendHeadAsync(stream, "200 OK", saysSo ? _test.Content.Length : null);
            await stream.WriteAsync(_test.Content);
        });

        var thrown = await Assert.ThrowsAsync<DownloadException>(
            () => _test.Downloader.FetchAsync(_test.Request(server.Root) with { MaximumBytes = 100_000 }));

        Assert.Equal(DownloadFailure.WrongContent, thrown.Failure);
        Assert.Contains("too large", thrown.Message);
        _test.AssertNothing();
    }

    [Fact]
    public async Task FetchAsync_Redirections_AreFollowed()
    {
        using var server = new LoopbackServer((request, stream) => request.Target == "/models/file.bin"
            ? LoopbackServer.SendHeadAsync(stream, "302 Found", 0, "Location: ../elsewhere\r\n")
            : LoopbackServer.SendFileAsync(request, stream, _test.Content));

        await _test.FetchAsync(server.Root);

        Assert.Equal(["/models/file.bin", "/elsewhere"], server.Requests.Select(r => r.Target));
        _test.AssertComplete();
    }

    [Theory]
    [InlineData("http://files.example.org/file.bin", "not a secure address")]
    [InlineData("ftp://127.0.0.1/file.bin", "not a secure address")]
    [InlineData("file:///file.bin", "not a secure address")]
    [InlineData("/models/file.bin", "sent on more than 10 times")]
    public async Task FetchAsync_RedirectionThatIsNotSafe_IsRefused(string location, string expected)
    {
        using var server = new LoopbackServer((_, stream) => LoopbackServer.SendHeadAsync(stream, "301 Moved Permanently", 0, $"Location: {location}\r\n"));

        var thrown = await Assert.ThrowsAsync<DownloadException>(() => _test.FetchAsync(server.Root));

        Assert.Equal(DownloadFailure.Refused, thrown.Failure);
        Assert.Contains(expected, thrown.Message);
    }

    [Theory]
    [InlineData("http://files.example.org/a", "12345678")]
    [InlineData("ftp://127.0.0.1/a", "12345678")]
    [InlineData("https://files.example.org/a", "1234567")]
    [InlineData("https://files.example.org/a", "1234567g")]
    public async Task FetchAsync_RequestThatIsNotValid_Throws(string address, string hash) =>
        await Assert.ThrowsAsync<ArgumentException>(
            () => _test.Downloader.FetchAsync(new DownloadRequest { Address = new Uri(address), Path = _test.Target, Sha256 = hash }));

    [Fact]
    public async Task FetchAsync_FolderCannotBeMade_SaysSoWithoutAsking()
    {
        using LoopbackServer server = LoopbackServer.Of(_test.Content);
        string file = Path.Combine(_test.Folder, "a-file");
        File.WriteAllText(file, "");

        var thrown = await Assert.ThrowsAsync<DownloadException>(
            () => _test.Downloader.FetchAsync(_test.Request(server.Root) with { Path = Path.Combine(file, "file.bin") }));

        Assert.Equal(DownloadFailure.Disk, thrown.Failure);
        Assert.Contains(Path.Combine(file, "file.bin"), thrown.Message);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task FetchAsync_FolderIsReadOnly_SaysSoOrIsAllowed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using LoopbackServer server = LoopbackServer.Of(_test.Content);
        string folder = Directory.CreateDirectory(Path.Combine(_test.Folder, "read-only")).FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            string target = Path.Combine(folder, "file.bin");
            Exception? thrown = await Record.ExceptionAsync(() => _test.Downloader.FetchAsync(_test.Request(server.Root) with { Path = target }));

            // The system's administrator may write everywhere.
            Assert.True(Environment.IsPrivilegedProcess ? thrown is null : thrown is DownloadException { Failure: DownloadFailure.Disk }, thrown?.ToString());
        }
        finally
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task FetchAsync_ProxyRefuses_NamesTheProxy()
    {
        using var proxy = new LoopbackServer((_, stream) => LoopbackServer.SendHeadAsync(stream, "403 Forbidden", 0));
        IWebProxy before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(proxy.Root) { Credentials = new NetworkCredential("someone", "secret") };
        try
        {
            using var downloader = new Downloader(DownloadFixture.Quick);

            var thrown = await Assert.ThrowsAsync<DownloadException>(
                () => downloader.FetchAsync(_test.Request(new Uri("https://weights.invalid/"))));

            Assert.Equal("CONNECT", Assert.Single(proxy.Requests).Method);
            Assert.Equal(DownloadFailure.Refused, thrown.Failure);
            Assert.Contains($"the proxy refuses, by way of the proxy 127.0.0.1:{proxy.Port}", thrown.Message);
            Assert.DoesNotContain("secret", thrown.ToString());
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [Fact]
    public async Task FetchAsync_AddressWithPassword_DoesNotShowIt()
    {
        using var server = new LoopbackServer((_, stream) => LoopbackServer.SendHeadAsync(stream, "404 Not Found", 0));
        var address = new UriBuilder(server.Root) { UserName = "someone", Password = "secret", Path = "file.bin" };

        var thrown = await Assert.ThrowsAsync<DownloadException>(
            () => _test.Downloader.FetchAsync(_test.Request(server.Root) with { Address = address.Uri }));

        Assert.DoesNotContain("secret", thrown.ToString());
    }

    [Theory]
    [InlineData("200 OK", "application/octet-stream", null)]
    [InlineData("404 Not Found", "application/octet-stream", DownloadFailure.Refused)]
    [InlineData("503 Service Unavailable", "application/octet-stream", DownloadFailure.Refused)]
    [InlineData("200 OK", "text/html", DownloadFailure.WrongContent)]
    public async Task ProbeAsync_Answer_IsJudged(string status, string type, DownloadFailure? expected)
    {
        using var server = new LoopbackServer((_, stream) => LoopbackServer.SendHeadAsync(stream, status, 0, $"Content-Type: {type}\r\n"));

        Exception? thrown = await Record.ExceptionAsync(() => _test.Downloader.ProbeAsync(server.Root, Waiting.Limit));

        Assert.Equal(expected, (thrown as DownloadException)?.Failure);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task ProbeAsync_ServerIsSilent_GivesUpInTime()
    {
        var time = new FakeTimeProvider();
        var timeout = TimeSpan.FromSeconds(5);
        using var downloader = new Downloader(DownloadFixture.Quick with { TimeProvider = time });
        using var server = new LoopbackServer(async (_, stream) =>
        {
            time.Advance(timeout);
            await LoopbackServer.StaySilentAsync(stream);
        });

        var thrown = await Assert.ThrowsAsync<DownloadException>(() => downloader.ProbeAsync(server.Root, timeout).OrHang());

        Assert.Equal(DownloadFailure.Unreachable, thrown.Failure);
        Assert.Contains("does not answer", thrown.Message);
    }
}

using System.Net;
using Microsoft.Extensions.Logging;

namespace MLClassify.Common.Tests;

public sealed class DownloaderClientTests
{
    [Fact]
    public async Task FetchAsync_GivenClient_SendsByItAndLeavesItOpen()
    {
        using var client = new HttpClient(new Answer(HttpStatusCode.OK));
        using (var test = new DownloadFixture(DownloadFixture.Quick with { HttpClient = client }))
        {
            Answer.Content = test.Content;
            await test.FetchAsync(new Uri("https://example.org/"));
            test.AssertComplete();
        }

        using HttpResponseMessage response = await client.GetAsync(new Uri("https://example.org/again"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task FetchAsync_GivenClientFollowedToAnInsecureAddress_IsRefused()
    {
        using var client = new HttpClient(new Answer(HttpStatusCode.OK, new Uri("http://example.org/file.bin")));
        using var test = new DownloadFixture(DownloadFixture.Quick with { HttpClient = client });
        Answer.Content = test.Content;

        var error = await Assert.ThrowsAsync<DownloadException>(() => test.FetchAsync(new Uri("https://example.org/")));

        Assert.Equal(DownloadFailure.Refused, error.Failure);
        Assert.Contains("http://example.org/file.bin, which is not a secure address", error.Message);
    }

    [Fact]
    public async Task FetchAsync_Logger_HearsStartEndAndFailure()
    {
        var log = new LogRecorder();
        using LoopbackServer server = LoopbackServer.Of(new byte[10]);
        using var broken = new LoopbackServer((_, stream) => LoopbackServer.SendHeadAsync(stream, "404 Not Found", 0));
        using var test = new DownloadFixture(DownloadFixture.Quick with { Logger = log });
        DownloadRequest request = test.Request(server.Root) with { Sha256 = null };

        await test.Downloader.FetchAsync(request);
        await test.Downloader.FetchAsync(request);
        await Assert.ThrowsAsync<DownloadException>(() => test.Downloader.FetchAsync(request with { Address = broken.Root, Force = true }));

        Assert.Equal([LogLevel.Information, LogLevel.Information, LogLevel.Debug, LogLevel.Information, LogLevel.Error], log.Entries.Select(entry => entry.Level));
        Assert.Equal($"Downloading file.bin from {server.Root}models/file.bin.", log.Entries[0].Message);
        Assert.StartsWith("Downloaded file.bin (10 bytes) in ", log.Entries[1].Message);
        Assert.Equal("file.bin is already here.", log.Entries[2].Message);
        Assert.StartsWith("file.bin could not be downloaded: the answer is 404 Not Found", log.Entries[^1].Message);
    }

    private sealed class Answer(HttpStatusCode status, Uri? final = null) : HttpMessageHandler
    {
        public static byte[] Content { get; set; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = final ?? request.RequestUri;
            return Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent(Content), RequestMessage = request });
        }
    }
}

using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MLClassify.AspNetCore.Http;
using MLClassify.AspNetCore.Tests.Support;
using MLClassify.Hosting;
using MLClassify.Hosting.Batching;

namespace MLClassify.AspNetCore.Tests.Http;

[Collection(ModelCollection.Name)]
public sealed class LimitTests(ModelFixture model)
{
    private const int Most = 40_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_BodyOverTheLimit_IsTooLarge(bool isChunked)
    {
        await using Server server = await Server.StartAsync(model, options => options.MaxImageBytes = Most);
        using HttpContent body = isChunked ? new ChunkedContent(new byte[Most + 1]) : Server.Body(new byte[Most + 1]);

        await (isChunked ? server.RefusedAsync(body, 413, "too_large") : server.RefusedUnreadAsync(body, 413, "too_large"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_BodyAtTheLimit_IsRead(bool isChunked)
    {
        byte[] image = model.Image();
        await using Server server = await Server.StartAsync(model, options => options.MaxImageBytes = image.Length);
        using HttpContent body = isChunked ? new ChunkedContent(image) : Server.Body(image);

        (int status, JsonNode json) = await server.PostAsync(body);

        Assert.Equal(200, status);
        Assert.Equal(model.Expected(image), Server.Scores(json));
    }

    [Fact]
    public async Task Post_OneFileOfTheFormOverTheLimit_IsTheOnlyOneRefused()
    {
        await using Server server = await Server.StartAsync(model, options => options.MaxImageBytes = Most);
        using MultipartFormDataContent form = Server.Form(("big.png", new byte[Most + 1]), ("fine.png", model.Image()));

        (int status, JsonNode json) = await server.PostAsync(form);

        Assert.Equal(200, status);
        Assert.Equal("too_large", (string?)json["predictions"]![0]!["error"]!["reason"]);
        Assert.Equal("blue", (string?)json["predictions"]![1]!["label"]);
    }

    [Fact]
    public async Task Post_FormOverTheRequestLimit_IsTooLarge()
    {
        await using Server server = await Server.StartAsync(model, options => (options.MaxImageBytes, options.MaxRequestBytes) = (Most, Most));
        using MultipartFormDataContent form = Server.Form(("a.png", new byte[Most / 2]), ("b.png", new byte[Most / 2]));
        await server.RefusedUnreadAsync(form, 413, "too_large");

        // Without a length the server reads to the limit and hangs up: what it said is read even where the rest cannot be sent.
        using MultipartFormDataContent again = Server.Form(("a.png", new byte[Most / 2]), ("b.png", new byte[Most / 2]));
        using Socket socket = await ConnectAsync(server);
        await SendAsync(socket, $"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: {again.Headers.ContentType}\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] body = await again.ReadAsByteArrayAsync();
        try
        {
            await SendAsync(socket, $"{body.Length:x}\r\n");
            await socket.SendAsync(body);
            await SendAsync(socket, "\r\n0\r\n\r\n");
        }
        catch (SocketException)
        {
        }

        string answer = await AnswerAsync(socket);
        while (!answer.Contains("too_large", StringComparison.Ordinal) && await AnswerAsync(socket) is { Length: > 0 } more)
        {
            answer += more;
        }

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("too_large", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_TooManyFilesOrFields_AreRefused()
    {
        await using Server server = await Server.StartAsync(model, options => options.MaxFiles = 2);
        using MultipartFormDataContent files = Server.Form(("a", model.Image()), ("b", model.Image()), ("c", model.Image()));
        await server.RefusedAsync(files, 413, "too_many_files");

        using var fields = new MultipartFormDataContent();
        for (int i = 0; i < 40; i++)
        {
            fields.Add(new StringContent("x"), $"field{i}");
        }

        await server.RefusedAsync(fields, 400, "malformed_request");
        await Waiting.UntilAsync(() => server.Service.QueueLength == 0);
    }

    [Fact]
    public async Task Post_QueueFull_IsRefusedBeforeDecodingAndWorksLater()
    {
        await using Server server = await Server.StartAsync(model, options => (options.QueueLimit, options.MaxFiles) = (2, 2));
        using var measured = new Measurements(server);
        server.Service.Admission.Enter();
        server.Service.Admission.Enter();

        using HttpResponseMessage refused = await server.Client.PostAsync(new Uri("/predict", UriKind.Relative), Server.Body(model.Image()));
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.Empty(measured.Of("mlclassify.decode.duration"));
        Assert.Equal("Degraded", await server.Client.GetStringAsync(new Uri("/health", UriKind.Relative)));

        server.Service.Admission.Leave();
        server.Service.Admission.Leave();
        Assert.Equal(200, (await server.PostAsync(Server.Body(model.Image()))).Status);
        Assert.Equal("Healthy", await server.Client.GetStringAsync(new Uri("/health", UriKind.Relative)));
        Assert.Equal(1, measured.Sum("mlclassify.errors", "reason=busy"));
    }

    [Fact]
    public async Task Post_UploadsOfAllOverTheirMemory_AreRefused()
    {
        await using Server server = await Server.StartAsync(model, options => (options.MaxImageBytes, options.MaxBufferedBytes) = (1 << 20, 3 << 20));
        UploadBudget budget = server.Service.Uploads;
        budget.Take(2 << 20);

        await server.RefusedAsync(Server.Body(new byte[1 << 20]), 503, "busy");

        Assert.Equal(200, (await server.PostAsync(Server.Body(model.Image()))).Status);
        Assert.Equal(2 << 20, budget.Used);
    }

    [Fact]
    public async Task Post_LengthThatLies_HoldsNoMemoryAndEndsWithTheConnection()
    {
        await using Server server = await Server.StartAsync(model);
        using var measured = new Measurements(server);
        using (Socket socket = await ConnectAsync(server))
        {
            await SendAsync(socket, $"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 9000000\r\n\r\n");
            await socket.SendAsync(model.Image());
            socket.Shutdown(SocketShutdown.Send);
            string text = await AnswerAsync(socket);
            Assert.True(text.Length == 0 || text.StartsWith("HTTP/1.1 400", StringComparison.Ordinal), text);
        }

        Assert.Equal(0, server.Service.QueueLength);
        Assert.Equal(200, (await server.PostAsync(Server.Body(model.Image()))).Status);
    }

    [Theory]
    [InlineData("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 99999999999999\r\n\r\n", "413")]
    [InlineData("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: -5\r\n\r\n", "400")]
    [InlineData("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400")]
    [InlineData("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=\"\"\r\nContent-Length: 0\r\n\r\n", "400")]
    public async Task Post_HostileHeaders_AreRefusedAtOnce(string request, string status)
    {
        await using Server server = await Server.StartAsync(model);
        using Socket socket = await ConnectAsync(server);
        await SendAsync(socket, request);

        string text = await AnswerAsync(socket);

        Assert.StartsWith("HTTP/1.1 " + status, text, StringComparison.Ordinal);
        Assert.Equal(200, (await server.PostAsync(Server.Body(model.Image()))).Status);
    }

    private static async Task<Socket> ConnectAsync(Server server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        return socket;
    }

    // Empty where the server hangs up without a word.
    private static async Task<string> AnswerAsync(Socket socket)
    {
        byte[] answer = new byte[4096];
        try
        {
            return Encoding.ASCII.GetString(answer, 0, await socket.ReceiveAsync(answer).OrHang());
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private static async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text));
}

using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MLClassify.Hosting;

namespace MLClassify.AspNetCore.Tests.Support;

/// <summary>A real Kestrel on a free port of the loopback, with a client.</summary>
internal sealed class Server : IAsyncDisposable
{
    private Server(WebApplication app)
    {
        App = app;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address, Timeout = Waiting.Limit };
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>Requests that the server has begun with; one that is only on its way is dropped when the server stops.</summary>
    public int Begun => App.Services.GetRequiredService<RequestCount>().Value;

    public PredictionService Service => App.Services.GetRequiredService<PredictionService>();

    public static async Task<Server> StartAsync(ModelFixture model, Action<ImageClassifierOptions>? configure = null, ImageClassifier? classifier = null, TimeProvider? time = null)
    {
        WebApplication app = Build(
            services =>
            {
                services.AddSingleton(time ?? TimeProvider.System);
                if (classifier is null)
                {
                    services.AddImageClassifier(model.Path, configure);
                }
                else
                {
                    services.AddImageClassifier(classifier, configure);
                }
            });
        await app.StartAsync();
        return new Server(app);
    }

    public static WebApplication Build(Action<IServiceCollection> add)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        add(builder.Services);
        builder.Services.AddHealthChecks().AddImageClassifier();
        builder.Services.AddSingleton<RequestCount>();
        WebApplication app = builder.Build();
        RequestCount begun = app.Services.GetRequiredService<RequestCount>();
        app.Use((HttpContext context, RequestDelegate next) =>
        {
            begun.Add();
            return next(context);
        });
        app.MapImageClassifier("/predict");
        app.MapImageClassifierPage("/");
        app.MapHealthChecks("/health");
        return app;
    }

    /// <summary>A body of bytes with a content type.</summary>
    public static ByteArrayContent Body(byte[] bytes, string? type = "image/png")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return content;
    }

    /// <summary>A form of files.</summary>
    public static MultipartFormDataContent Form(params (string Name, byte[] Bytes)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach ((string name, byte[] bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), "file", name);
        }

        return form;
    }

    public async Task<(int Status, JsonNode Json)> PostAsync(HttpContent content)
    {
        using HttpResponseMessage response = await Client.PostAsync(new Uri("/predict", UriKind.Relative), content);
        string text = await response.Content.ReadAsStringAsync();
        string type = response.IsSuccessStatusCode || JsonNode.Parse(text)!["predictions"] is not null ? "application/json" : "application/problem+json";
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        return ((int)response.StatusCode, JsonNode.Parse(text)!);
    }

    /// <summary>Posts what is to be refused, and checks the refusal.</summary>
    public async Task<JsonNode> RefusedAsync(HttpContent content, int status, string reason)
    {
        (int found, JsonNode json) = await PostAsync(content);
        Assert.Equal((status, reason), (found, (string?)json["reason"]));
        Assert.Equal(status, (int)json["status"]!);
        Assert.NotEmpty((string)json["title"]!);
        Assert.NotEmpty((string)json["detail"]!);
        return json;
    }

    /// <summary>
    /// Posts what is to be refused by its length alone, and sends nothing of it before the server has answered: a server that hangs up on a
    /// body would let the client's writing fail before it has read why.
    /// </summary>
    public async Task RefusedUnreadAsync(HttpContent content, int status, string reason)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, Expect100ContinueTimeout = Waiting.Limit }) { BaseAddress = Address, Timeout = Waiting.Limit };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict") { Content = content };
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage response = await client.SendAsync(request);
        JsonNode json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal((status, reason), ((int)response.StatusCode, (string?)json["reason"]));
    }

    public static float[] Scores(JsonNode file) => [.. file["top"]!.AsArray().Select(entry => (float)entry!["score"]!)];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }

    private sealed class RequestCount
    {
        private int _value;

        public int Value => Volatile.Read(ref _value);

        public void Add() => Interlocked.Increment(ref _value);
    }
}

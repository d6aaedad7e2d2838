using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace MLClassify.Cli.Tests.Commands;

public sealed class ServeCommandTests(ServedModels models) : IClassFixture<ServedModels>
{
    [Fact]
    public async Task Serve_OneModel_AnswersAtTheRoot()
    {
        await using Running server = await Running.StartAsync(models.Path);

        Assert.Equal(["model"], server.Names);
        JsonNode answer = await server.PredictAsync("/predict", models.Image);
        Assert.Equal(models.Label, (string?)answer["label"]);
        Assert.Contains("<!DOCTYPE html>", await server.GetAsync("/"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("Healthy", await server.GetAsync("/health"));
        JsonNode model = JsonNode.Parse(await server.GetAsync("/models"))!["models"]!.AsArray().Single()!;
        Assert.Equal(("model", "model.safetensors", 3), ((string?)model["name"], (string?)model["file"], model["labels"]!.AsArray().Count));
        Assert.NotNull(JsonNode.Parse(await server.GetAsync("/openapi/v1.json"))!["paths"]!["/predict"]!["post"]);
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task Serve_Metrics_AreInPrometheussFormat()
    {
        await using Running server = await Running.StartAsync(models.Path);
        await server.PredictAsync("/predict", models.Image);
        await server.PredictAsync("/predict", "no image"u8.ToArray());

        string[] lines = (await server.GetAsync("/metrics")).Split('\n');

        Assert.Contains("# TYPE mlclassify_requests_total counter", lines);
        Assert.Contains("mlclassify_requests_total{mlclassify_classifier=\"model\",status=\"200\"} 1", lines);
        Assert.Contains("mlclassify_requests_total{mlclassify_classifier=\"model\",status=\"400\"} 1", lines);
        Assert.Contains("mlclassify_errors_total{mlclassify_classifier=\"model\",reason=\"invalid_image\"} 1", lines);
        Assert.Contains("mlclassify_batch_size_bucket{mlclassify_classifier=\"model\",le=\"1\"} 1", lines);
        Assert.Contains("mlclassify_batch_size_bucket{mlclassify_classifier=\"model\",le=\"+Inf\"} 1", lines);
        Assert.Contains("mlclassify_batch_size_count{mlclassify_classifier=\"model\"} 1", lines);
        Assert.Contains("# TYPE mlclassify_network_duration_seconds histogram", lines);
        Assert.Contains("mlclassify_queue_length{mlclassify_classifier=\"model\"} 0", lines);
        Assert.All(lines.Where(line => line.Length > 0 && line[0] != '#'), line => Assert.Matches(@"^[a-z_]+(\{[^{}]*\})? [0-9.E+-]+$", line));
    }

    [Fact]
    public async Task Serve_SeveralModels_EachHasItsAddress()
    {
        await using Running server = await Running.StartAsync($"a={models.Path}", $"b={models.Path}");

        Assert.Equal(["a", "b"], server.Names);
        Assert.Equal(models.Label, (string?)(await server.PredictAsync("/a/predict", models.Image))["label"]);
        Assert.Equal(models.Label, (string?)(await server.PredictAsync("/b/predict", models.Image))["label"]);
        Assert.Contains("POST /b/predict", await server.GetAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_WhatCannotBe_IsOneLine()
    {
        Assert.Equal((1, "error: none.safetensors: there is no such file or folder"), await RefusedAsync("none.safetensors"));
        Assert.Contains("two models are called 'model'", (await RefusedAsync(models.Path, models.Path)).Line, StringComparison.Ordinal);
        Assert.Contains("'metrics' cannot be part of an address", (await RefusedAsync($"metrics={models.Path}", models.Path)).Line, StringComparison.Ordinal);
        await using Running server = await Running.StartAsync(models.Path);
        Assert.Contains("another --port may be free", (await RefusedAsync(models.Path, "--port", server.Port)).Line, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Line)> RefusedAsync(params string[] arguments)
    {
        ToolResult result = await Tool.Run(["serve", .. arguments]);
        return (result.Code, Assert.Single(result.ErrorLines));
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly StringWriter _error = new();
        private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
        private Task<int> _work = Task.FromResult(0);

        public string[] Names { get; private set; } = [];

        public string Port => $"{_client.BaseAddress!.Port}";

        public static async Task<Running> StartAsync(params string[] arguments)
        {
            var running = new Running();
            var started = new FirstLine();
            running._work = Task.Run(() => CommandLine.RunAsync(["serve", .. arguments, "--port", "0", "--json", "--device", "cpu"], new CliContext(started, running._error), running._stop.Token));
            Task first = await Task.WhenAny(started.Line, running._work).OrHang();
            Assert.True(first == started.Line, running._error.ToString());
            JsonNode line = JsonNode.Parse(await started.Line)!;
            running._client.BaseAddress = new Uri((string)line["address"]!);
            running.Names = [.. line["models"]!.AsArray().Select(name => (string)name!)];
            return running;
        }

        public Task<string> GetAsync(string path) => _client.GetStringAsync(new Uri(path, UriKind.Relative));

        public async Task<JsonNode> PredictAsync(string path, byte[] image)
        {
            var content = new ByteArrayContent(image);
            content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            using HttpResponseMessage response = await _client.PostAsync(new Uri(path, UriKind.Relative), content);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        }

        public async Task<int> StopAsync()
        {
            await _stop.CancelAsync();
            return await _work.OrHang();
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _client.Dispose();
            _stop.Dispose();
        }
    }

    // What the tool prints first in JSON: that it serves, and where.
    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public override void WriteLine(string? value)
        {
            if (value?.StartsWith('{') == true)
            {
                _line.TrySetResult(value);
            }
        }
    }
}

/// <summary>A model that was trained once.</summary>
public sealed class ServedModels : IAsyncLifetime, IDisposable
{
    private readonly ColorImageFolder _images = new();

    public string Path => _images["model.safetensors"];

    public byte[] Image => File.ReadAllBytes(_images["red/0.png"]);

    public string Label { get; private set; } = "";

    public async Task InitializeAsync()
    {
        ToolResult trained = await Tool.Run("train", _images.Root, "--weights", "embedded", "--split-every", "4", "--out", _images[".run"]);
        Assert.Equal(0, trained.Code);
        File.Copy(_images[".run/weights/best.safetensors"], Path);
        using ImageClassifier classifier = ImageClassifier.Load(Path);
        Label = classifier.Predict(Image).Label;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _images.Dispose();
}

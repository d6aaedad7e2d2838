using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace MLClassify.Hosting.Tests;

public sealed class ReloadTests : IDisposable
{
    private static readonly string[] Before = ["blue", "green", "red"];
    private static readonly string[] After = ["x", "y", "z"];

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ListLogger _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reload_AnotherFile_AnswersFromIt()
    {
        await using PredictionService service = await StartAsync(TimeSpan.Zero);
        ImageClassifier before = service.Classifier;
        HostedModel.Write(ModelFile, After);

        await service.ReloadAsync();

        Assert.Contains((await service.PredictAsync(HostedModel.Image)).Label, After);
        Assert.Throws<ObjectDisposedException>(() => before.Predict(HostedModel.Image));
        Assert.Contains(_log.Lines, line => line.Contains("Before: blue, green, red. Now: x, y, z.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reload_FileThatIsNoModel_KeepsTheOneBefore()
    {
        await using PredictionService service = await StartAsync(TimeSpan.Zero);
        File.WriteAllText(ModelFile, "no model");

        await Assert.ThrowsAsync<InvalidWeightsException>(() => service.ReloadAsync());

        Assert.Contains((await service.PredictAsync(HostedModel.Image)).Label, Before);
    }

    [Fact]
    public async Task Watch_FileThatStoppedChanging_IsTakenUp()
    {
        await using PredictionService service = await StartAsync(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));
        HostedModel.Write(ModelFile, After);

        // The first look sees another file, the second that it no longer changes.
        await UntilAsync(service, "x");

        File.WriteAllText(ModelFile, "half a model");
        await _time.RunUntilAsync(Waiting.UntilAsync(() => _log.Lines.Any(line => line.Contains("the one before goes on", StringComparison.Ordinal))), TimeSpan.FromSeconds(5));
        Assert.Contains((await service.PredictAsync(HostedModel.Image)).Label, After);
        int warnings = _log.Lines.Count;
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(warnings, _log.Lines.Count);

        HostedModel.Write(ModelFile, "p", "q", "r");
        await UntilAsync(service, "p");
    }

    [Fact]
    public async Task Reload_GivenClassifier_Throws()
    {
        using ImageClassifier classifier = HostedModel.Open(Before);
        await using var service = new PredictionService(classifier);
        await Assert.ThrowsAsync<InvalidOperationException>(() => service.ReloadAsync());
        await service.StartAsync(CancellationToken.None);

        Assert.Contains("loaded classifier", (await Assert.ThrowsAsync<InvalidOperationException>(() => service.ReloadAsync())).Message, StringComparison.Ordinal);
        Assert.Contains((await service.PredictAsync(new MemoryStream(HostedModel.Image))).Label, Before);
    }

    [Fact]
    public async Task Reload_UnderLoad_LosesNoneAndMixesNone()
    {
        await using PredictionService service = await StartAsync(TimeSpan.Zero);
        Prediction expected = service.Classifier.Predict(HostedModel.Image);
        using var ending = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            int count = 0;
            while (!ending.IsCancellationRequested)
            {
                Prediction prediction = await service.PredictAsync(HostedModel.Image);

                // Whichever model answered, it is one of the two, with its names. Batches round otherwise.
                Assert.Contains(prediction.Label, (string[])[Before[expected.LabelIndex], After[expected.LabelIndex]]);
                Assert.InRange(Math.Abs(prediction.Score - expected.Score), 0, 1e-5);
                count++;
            }

            return count;
        }))];
        for (int round = 0; round < 10; round++)
        {
            HostedModel.Write(ModelFile, round % 2 == 0 ? After : Before);
            await service.ReloadAsync();
        }

        await ending.CancelAsync();
        Assert.All(await Task.WhenAll(clients).OrHang(), count => Assert.True(count > 0));
        Assert.Equal(0, service.QueueLength);
    }

    [Fact]
    public async Task Predict_Listened_HasSpansOfDecodeAndNetwork()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "MLClassify" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        await using PredictionService service = await StartAsync(TimeSpan.Zero);
        ActivityTraceId trace;
        using (Activity request = source.StartActivity("request")!)
        {
            trace = request.TraceId;
            await service.PredictAsync(HostedModel.Image);
        }

        Activity decode = Assert.Single(spans, span => span.OperationName == "mlclassify.decode" && span.TraceId == trace);
        Assert.NotNull(decode.GetTagItem("mlclassify.image.width"));
        Activity network = Assert.Single(spans, span => span.OperationName == "mlclassify.network" && span.Links.Any(link => link.Context.TraceId == trace));
        Assert.Equal(1, network.GetTagItem("mlclassify.batch.size"));
    }

    [Fact]
    public void Constructor_OptionsOutsideTheirRanges_Throws() =>
        Assert.Throws<OptionsValidationException>(() => new PredictionService(new ImageClassifierOptions { ModelPath = ".", MaxBatch = 0 }));

    private string ModelFile => _folder["served.safetensors"];

    private async Task<PredictionService> StartAsync(TimeSpan interval)
    {
        HostedModel.Write(ModelFile, Before);
        var service = new PredictionService(new ImageClassifierOptions { ModelPath = ModelFile, ReloadInterval = interval }, logger: _log, time: _time);
        await service.StartAsync(CancellationToken.None);
        return service;
    }

    private Task UntilAsync(PredictionService service, string label) => _time.RunUntilAsync(
        Waiting.UntilAsync(() => service.Classifier.Labels[0] == label), TimeSpan.FromSeconds(5));

    private sealed class ListLogger : ILogger<PredictionService>
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyList<string> Lines => [.. _lines];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.NotEqual(0, eventId.Id);
            _lines.Enqueue(formatter(state, exception));
        }
    }
}

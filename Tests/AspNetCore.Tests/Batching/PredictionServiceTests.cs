using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MLClassify.AspNetCore.Tests.Support;
using MLClassify.Hosting;
using MLClassify.Imaging;

namespace MLClassify.AspNetCore.Tests;

[Collection(ModelCollection.Name)]
public sealed class PredictionServiceTests(ModelFixture model)
{
    [Fact]
    public async Task PredictAsync_FromOwnEndpoint_GivesThePrediction()
    {
        await using Server server = await Server.StartAsync(model);

        Prediction prediction = await server.Service.PredictAsync(model.Image());

        Assert.Equal(model.Classifier.Predict(model.Image().AsSpan()).Scores, prediction.Scores);
        await Assert.ThrowsAsync<InvalidImageException>(() => server.Service.PredictAsync(new byte[3]));
        Assert.Equal(0, server.Service.QueueLength);
    }

    [Fact]
    public async Task Start_DeviceThatIsNotThere_EndsTheApplicationWithTheCause()
    {
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => Server.StartAsync(model, options => options.Compute = new() { Device = ComputeDevice.Cuda(57) }));
        Assert.Contains("The device cuda:57 cannot be used", (error as ComputeDeviceException ?? error.InnerException)!.Message, StringComparison.Ordinal);

        error = await Assert.ThrowsAnyAsync<Exception>(() => Server.StartAsync(model, options => options.Compute = new() { Precision = (ComputePrecision)9 }));
        Assert.Contains("image classifier, Compute.Precision is none of its values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PredictAsync_OthersOnTheirWay_AreGatheredIntoOneBatch()
    {
        // On a clock that stands still, no batch gives up waiting.
        await using Server server = await Server.StartAsync(
            model, options => (options.MaxBatch, options.MaxWait) = (6, TimeSpan.FromSeconds(1)), time: new FakeTimeProvider());
        using var measured = new Measurements(server);
        // One that never comes: without it, the first would not wait for the others.
        server.Service.Admission.Enter();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.Service.PredictAsync(model.Image(i))));

        Assert.Equal(6, measured.Sum("mlclassify.images"));
        Assert.Equal([6.0], measured.Of("mlclassify.batch.size"));
        server.Service.Admission.Leave();
    }

    [Fact]
    public async Task PredictAsync_Canceled_LeavesTheQueue()
    {
        var time = new FakeTimeProvider();
        await using Server server = await Server.StartAsync(
            model, options => (options.MaxBatch, options.MaxWait) = (6, TimeSpan.FromSeconds(1)), time: time);
        using var measured = new Measurements(server);
        using var gone = new CancellationTokenSource();
        server.Service.Admission.Enter();
        Task<Prediction> first = server.Service.PredictAsync(model.Image());
        Task<Prediction> second = server.Service.PredictAsync(model.Image(), gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await time.RunUntilAsync(first, TimeSpan.FromSeconds(1));
        Assert.Equal("blue", (await first).Label);
        server.Service.Admission.Leave();
        await Waiting.UntilAsync(() => server.Service.QueueLength == 0);
    }

    [Fact]
    public async Task PredictAsync_ListenerThatThrows_FailsThatImageAlone()
    {
        await using Server server = await Server.StartAsync(model);
        object factory = server.App.Services.GetRequiredService<IMeterFactory>();
        using (var listener = new MeterListener())
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "mlclassify.queue.duration" && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("a listener's own fault"));
            listener.Start();

            InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
                () => server.Service.PredictAsync(model.Image()).OrHang());
            Assert.Equal("a listener's own fault", error.Message);
            Assert.Equal("Degraded", await server.Client.GetStringAsync(new Uri("/health", UriKind.Relative)));
        }

        Assert.Equal("blue", (await server.Service.PredictAsync(model.Image()).OrHang()).Label);
        Assert.Equal("Healthy", await server.Client.GetStringAsync(new Uri("/health", UriKind.Relative)));
    }

    [Fact]
    public async Task Post_ClientGoesAway_IsCountedAndFreesItsPlace()
    {
        await using Server server = await Server.StartAsync(model);
        using var measured = new Measurements(server);
        using var gone = new CancellationTokenSource();
        var never = new TaskCompletionSource();
        using var body = new ChunkedContent(model.Image(), beforeLast: never.Task);

        Task<HttpResponseMessage> request = server.Client.PostAsync(new Uri("/predict", UriKind.Relative), body, gone.Token);
        await body.Held;
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        never.SetResult();
        await measured.UntilAsync("mlclassify.errors", "", 1);

        Assert.Equal(0, server.Service.QueueLength);
        Assert.Equal(200, (await server.PostAsync(Server.Body(model.Image()))).Status);
    }

    [Fact]
    public async Task Stop_RequestsInFlight_AreAnswered()
    {
        await using Server server = await Server.StartAsync(model);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ChunkedContent[] bodies = [.. Enumerable.Range(0, 4).Select(i => new ChunkedContent(model.Image(i), beforeLast: release.Task))];
        Task<(int Status, System.Text.Json.Nodes.JsonNode Json)>[] requests = [.. bodies.Select(server.PostAsync)];
        await Task.WhenAll(bodies.Select(body => body.Held));
        await Waiting.UntilAsync(() => server.Begun == bodies.Length);

        var stopping = new TaskCompletionSource();
        server.App.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        Task stop = server.App.StopAsync();
        await stopping.Task.OrHang();
        Assert.False(stop.IsCompleted);
        release.SetResult();
        (int Status, System.Text.Json.Nodes.JsonNode Json)[] answers = await Task.WhenAll(requests);
        await stop.OrHang();

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        for (int i = 0; i < answers.Length; i++)
        {
            Assert.Equal(model.Expected(model.Image(i)), Server.Scores(answers[i].Json));
        }

        await Assert.ThrowsAsync<ServerBusyException>(() => server.Service.PredictAsync(model.Image()));
    }

    [Fact]
    public async Task Stop_TimeIsUp_FailsWhoStillWaits()
    {
        await using Server server = await Server.StartAsync(model);
        server.Service.Admission.Enter();
        using var limit = new CancellationTokenSource();

        Task stop = server.Service.StopAsync(limit.Token);
        Assert.False(stop.IsCompleted);
        await limit.CancelAsync();
        await stop.OrHang();

        Assert.Equal("the server is stopping", server.Service.Problem);
        server.Service.Admission.Leave();
    }

    [Fact]
    public async Task PredictAsync_NotStarted_SaysSo()
    {
        await using WebApplication app = Server.Build(services => services.AddImageClassifier(model.Path));

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => app.Services.GetRequiredService<PredictionService>().PredictAsync(model.Image()));

        Assert.Contains("not started", error.Message);
    }

    [Fact]
    public async Task Start_FileThatIsNoModel_FailsAndNamesIt()
    {
        string path = model.Path + ".txt";
        File.WriteAllText(path, "no model");
        await using WebApplication app = Server.Build(services => services.AddImageClassifier(path));

        InvalidWeightsException error = await Assert.ThrowsAsync<InvalidWeightsException>(() => app.StartAsync());

        Assert.StartsWith(path, error.Message);
    }

    [Fact]
    public async Task Dispose_LoadedClassifier_StaysTheCallers()
    {
        Server server = await Server.StartAsync(model, classifier: model.Classifier);
        Assert.Same(model.Classifier, server.Service.Classifier);
        Assert.Equal(200, (await server.PostAsync(Server.Body(model.Image()))).Status);

        await server.DisposeAsync();

        Assert.Equal("blue", model.Classifier.Predict(model.Image().AsSpan()).Label);
    }

    [Fact]
    public void Map_WithoutServices_SaysWhatIsMissing()
    {
        WebApplication app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddImageClassifier", Assert.Throws<InvalidOperationException>(() => app.MapImageClassifier("/predict")).Message);
        Assert.Contains("AddImageClassifier", Assert.Throws<InvalidOperationException>(() => app.MapImageClassifierPage()).Message);
    }

    [Fact]
    public async Task Start_OptionsOutsideTheirRanges_NamesAllOfThem()
    {
        await using WebApplication app = Server.Build(services => services.AddImageClassifier(options =>
        {
            options.ModelPath = "missing.safetensors";
            options.MaxBatch = 0;
            options.MaxWait = TimeSpan.FromSeconds(2);
            options.QueueLimit = 3;
            options.MaxRequestBytes = 5;
            options.Top = 0;
            options.Views = (TestTimeViews)9;
        }));

        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Equal(
            [
                "image classifier, ModelPath: there is no file 'missing.safetensors'",
                "image classifier, MaxBatch: expected 1 to 256, got 0",
                "image classifier, Top: expected 1 to 1000, got 0",
                "image classifier, MaxRequestBytes: expected at least MaxImageBytes (16777216), got 5",
                "image classifier, QueueLimit: expected at least MaxFiles (16), got 3",
                "image classifier, MaxWait: expected 0 to 1 second, got 00:00:02",
                "image classifier, Views: expected one of None, Flip, TenCrop, got 9",
            ],
            error.Failures);
    }
}

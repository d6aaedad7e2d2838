using System.Diagnostics;
using MLClassify.AspNetCore.Tests.Support;

namespace MLClassify.AspNetCore.Tests.Metrics;

[Collection(ModelCollection.Name)]
public sealed class ServingMetricsTests(ModelFixture model)
{
    [Fact]
    public async Task Meter_Requests_AreCountedAndMeasured()
    {
        await using Server server = await Server.StartAsync(model);
        using var measured = new Measurements(server);

        await server.PostAsync(Server.Body(model.Image()));
        await server.PostAsync(Server.Form(("a.png", model.Image()), ("b", "text"u8.ToArray())));
        await server.PostAsync(Server.Body("text"u8.ToArray()));
        measured.Observe();

        Assert.Equal(2, measured.Sum("mlclassify.requests", "status=200"));
        Assert.Equal(1, measured.Sum("mlclassify.requests", "status=400"));
        Assert.Equal(2, measured.Sum("mlclassify.errors", "reason=invalid_image"));
        Assert.Equal(2, measured.Sum("mlclassify.images"));
        Assert.Equal(2, measured.Of("mlclassify.decode.duration").Length);
        Assert.Equal(2, measured.Of("mlclassify.queue.duration").Length);
        Assert.Equal(2, measured.Of("mlclassify.network.duration").Length);
        Assert.All(measured.Of("mlclassify.network.duration"), seconds => Assert.InRange(seconds, 0, 60));
        Assert.Equal([0.0], measured.Of("mlclassify.queue.length"));
    }

    [Fact]
    public async Task Spans_WhereSomebodyListens_AreMade()
    {
        var names = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MLClassify",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => names.Add(activity.OperationName),
        };
        ActivitySource.AddActivityListener(listener);
        await using Server server = await Server.StartAsync(model);

        await server.PostAsync(Server.Body(model.Image()));

        Assert.Contains("mlclassify.decode", names);
    }
}

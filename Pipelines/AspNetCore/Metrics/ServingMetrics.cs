using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MLClassify.AspNetCore.Metrics;

/// <summary>What the server counts and measures: the instruments of the meter <c>MLClassify</c>, and its spans.</summary>
internal sealed class ServingMetrics
{
    /// <summary>The meter's and the activity source's name.</summary>
    public const string Name = "MLClassify";

    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly int[] Sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    private readonly Counter<long> _requests;
    private readonly Counter<long> _images;
    private readonly Counter<long> _errors;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _decodeDuration;
    private readonly Histogram<double> _waitDuration;
    private readonly Histogram<double> _networkDuration;
    private Func<int> _queueLength = () => 0;

    public ServingMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(Name);
        _requests = meter.CreateCounter<long>("mlclassify.requests", "{request}", "Requests that were answered, by status.");
        _images = meter.CreateCounter<long>("mlclassify.images", "{image}", "Images that were classified.");
        _errors = meter.CreateCounter<long>("mlclassify.errors", "{error}", "Images or requests that were refused or failed, by reason.");
        _batchSize = meter.CreateHistogram("mlclassify.batch.size", "{image}", "Images in a batch.", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = Sizes });
        _decodeDuration = Duration(meter, "mlclassify.decode.duration", "Decoding and preparing an image.");
        _waitDuration = Duration(meter, "mlclassify.queue.duration", "A prepared image's wait for its batch.");
        _networkDuration = Duration(meter, "mlclassify.network.duration", "The network's time for a batch.");
        meter.CreateObservableUpDownCounter("mlclassify.queue.length", () => _queueLength(), "{image}", "Images between upload and answer.");
    }

    /// <summary>Spans; nothing is made where nobody listens.</summary>
    public static ActivitySource Spans { get; } = new(Name);

    /// <summary>Where the queue's length is read.</summary>
    public void Watch(Func<int> queueLength) => _queueLength = queueLength;

    public void Answered(int status) => _requests.Add(1, new KeyValuePair<string, object?>("status", status));

    public void Refused(string reason) => _errors.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Decoded(TimeSpan elapsed) => _decodeDuration.Record(elapsed.TotalSeconds);

    public void Waited(TimeSpan elapsed) => _waitDuration.Record(elapsed.TotalSeconds);

    public void Computed(TimeSpan elapsed, int images)
    {
        _networkDuration.Record(elapsed.TotalSeconds);
        _batchSize.Record(images);
        _images.Add(images);
    }

    private static Histogram<double> Duration(Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
}

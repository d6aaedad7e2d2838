using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MLClassify.Hosting.Metrics;

/// <summary>What is counted and measured: the instruments of the meter <c>MLClassify</c>, and its spans. One for all classifiers of an application.</summary>
internal sealed class ServingMetrics
{
    /// <summary>The meter's and the activity source's name.</summary>
    public const string Name = "MLClassify";

    private const string ClassifierTag = "mlclassify.classifier";

    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly int[] Sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256];
    private static readonly ActivitySource Spans = new(Name);

    private readonly Counter<long> _requests;
    private readonly Counter<long> _images;
    private readonly Counter<long> _errors;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _decodeDuration;
    private readonly Histogram<double> _waitDuration;
    private readonly Histogram<double> _networkDuration;
    private readonly ConcurrentDictionary<string, Func<int>> _queueLengths = new(StringComparer.Ordinal);

    /// <summary>Makes the instruments.</summary>
    /// <param name="factory">Makes the meter; one that lives as long as the process when null.</param>
    public ServingMetrics(IMeterFactory? factory)
    {
        Meter meter = factory?.Create(Name) ?? new Meter(Name);
        _requests = meter.CreateCounter<long>("mlclassify.requests", "{request}", "Requests that were answered, by status.");
        _images = meter.CreateCounter<long>("mlclassify.images", "{image}", "Images that were classified.");
        _errors = meter.CreateCounter<long>("mlclassify.errors", "{error}", "Images or requests that were refused or failed, by reason.");
        _batchSize = meter.CreateHistogram("mlclassify.batch.size", "{image}", "Images in a batch.", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = Sizes });
        _decodeDuration = Duration(meter, "mlclassify.decode.duration", "Decoding and preparing an image.");
        _waitDuration = Duration(meter, "mlclassify.queue.duration", "A prepared image's wait for its batch.");
        _networkDuration = Duration(meter, "mlclassify.network.duration", "The network's time for a batch.");
        meter.CreateObservableUpDownCounter(
            "mlclassify.queue.length",
            () => _queueLengths.Select(entry => new Measurement<int>(entry.Value(), Of(entry.Key))),
            "{image}",
            "Images between upload and answer.");
    }

    /// <summary>Begins a span; nothing is made where nobody listens.</summary>
    /// <param name="what">The span's name.</param>
    /// <param name="classifier">The classifier's name.</param>
    /// <param name="links">The traces of those for whom it is done together.</param>
    public static Activity? StartSpan(string what, string classifier, IEnumerable<ActivityContext>? links = null)
    {
        if (!Spans.HasListeners())
        {
            return null;
        }

        IEnumerable<ActivityLink>? linked = links?.Where(context => context != default).Distinct().Select(context => new ActivityLink(context));
        Activity? span = Spans.StartActivity(ActivityKind.Internal, links: linked, name: what);
        return classifier.Length == 0 ? span : span?.SetTag(ClassifierTag, classifier);
    }

    /// <summary>Where a queue's length is read.</summary>
    public void Watch(string classifier, Func<int> queueLength) => _queueLengths[classifier] = queueLength;

    /// <summary>Reads a queue's length no more.</summary>
    public void Unwatch(string classifier) => _queueLengths.TryRemove(classifier, out _);

    public void Answered(string classifier, int status) => _requests.Add(1, [new("status", status), .. Of(classifier)]);

    public void Refused(string classifier, string reason) => _errors.Add(1, [new("reason", reason), .. Of(classifier)]);

    public void Decoded(string classifier, TimeSpan elapsed) => _decodeDuration.Record(elapsed.TotalSeconds, Of(classifier));

    public void Waited(string classifier, TimeSpan elapsed) => _waitDuration.Record(elapsed.TotalSeconds, Of(classifier));

    public void Computed(string classifier, TimeSpan elapsed, int images)
    {
        _networkDuration.Record(elapsed.TotalSeconds, Of(classifier));
        _batchSize.Record(images, Of(classifier));
        _images.Add(images, Of(classifier));
    }

    // The one without a name has no tag, so that an application with one classifier sees what it always saw.
    private static KeyValuePair<string, object?>[] Of(string classifier) => classifier.Length == 0 ? [] : [new(ClassifierTag, classifier)];

    private static Histogram<double> Duration(Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
}

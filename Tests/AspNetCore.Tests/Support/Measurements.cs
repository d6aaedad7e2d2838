using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace MLClassify.AspNetCore.Tests.Support;

/// <summary>Listens to one server's meter.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _values = new();

    public Measurements(Server server)
    {
        // Other tests' servers have meters of the same name; the factory is this server's own.
        object factory = server.App.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "MLClassify" && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public double[] Of(string name) => [.. _values.Where(value => value.Name == name).Select(value => value.Value)];

    public double Sum(string name, string tags = "") => _values.Where(value => value.Name == name && (tags.Length == 0 || value.Tags == tags)).Sum(value => value.Value);

    /// <summary>Waits until a counter has reached a sum.</summary>
    public Task UntilAsync(string name, string tags, double sum) => Waiting.UntilAsync(() => Sum(name, tags) >= sum);

    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _values.Enqueue((instrument.Name, value, string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
}

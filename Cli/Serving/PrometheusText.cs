using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace MLClassify.Cli.Serving;

/// <summary>
/// What a meter's instruments measured, in Prometheus's text format (version 0.0.4): counters end with <c>_total</c>, histograms have cumulative
/// buckets, a sum and a count.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    /// <summary>The format's media type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), Series> _series = new();

    /// <summary>Begins to listen.</summary>
    /// <param name="meter">The meter's name.</param>
    /// <param name="scope">The factory that made it, so that no other application's of this process is heard.</param>
    public PrometheusText(string meter, IMeterFactory scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter && ReferenceEquals(instrument.Meter.Scope, scope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All series, sorted by name and labels.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (IGrouping<Instrument, KeyValuePair<(Instrument Instrument, string Labels), Series>> family in _series
            .GroupBy(entry => entry.Key.Instrument).OrderBy(group => group.Key.Name, StringComparer.Ordinal))
        {
            string kind = KindOf(family.Key);
            string name = NameOf(family.Key, kind);
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(family.Key.Description ?? "")).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
            foreach ((_, Series series) in family.OrderBy(entry => entry.Key.Labels, StringComparer.Ordinal))
            {
                series.Write(text, name);
            }
        }

        return text.ToString();
    }

    /// <summary>Listens no more.</summary>
    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = LabelsOf(tags);
        _series.GetOrAdd((instrument, labels), key => new Series(key.Labels, BoundsOf(key.Instrument))).Add(value, isLevel: instrument.IsObservable);
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        var type when type.StartsWith("Counter", StringComparison.Ordinal) => "counter",
        var type when type.StartsWith("Histogram", StringComparison.Ordinal) => "histogram",
        _ => "gauge",
    };

    // Dots become underscores, and a unit is part of the name, as Prometheus wants it.
    private static string NameOf(Instrument instrument, string kind)
    {
        string name = instrument.Name.Replace('.', '_');
        string unit = instrument.Unit == "s" ? "_seconds" : "";
        return name + unit + (kind == "counter" ? "_total" : "");
    }

    private static double[]? BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> histogram => [.. histogram.Advice?.HistogramBucketBoundaries ?? []],
        Histogram<int> histogram => [.. (histogram.Advice?.HistogramBucketBoundaries ?? []).Select(bound => (double)bound)],
        _ => null,
    };

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new List<string>();
        foreach ((string key, object? value) in tags)
        {
            labels.Add($"{key.Replace('.', '_')}=\"{Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }

        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed class Series(string labels, double[]? bounds)
    {
        private readonly Lock _gate = new();
        private readonly long[] _buckets = new long[bounds?.Length ?? 0];
        private double _sum;
        private long _count;

        public void Add(double value, bool isLevel)
        {
            lock (_gate)
            {
                _sum = isLevel ? value : _sum + value;
                _count++;
                for (int i = 0; i < _buckets.Length; i++)
                {
                    _buckets[i] += value <= bounds![i] ? 1 : 0;
                }
            }
        }

        public void Write(StringBuilder text, string name)
        {
            lock (_gate)
            {
                if (bounds is null)
                {
                    Line(text, name, labels, _sum);
                    return;
                }

                for (int i = 0; i < _buckets.Length; i++)
                {
                    Line(text, name + "_bucket", With($"le=\"{Number(bounds[i])}\""), _buckets[i]);
                }

                Line(text, name + "_bucket", With("le=\"+Inf\""), _count);
                Line(text, name + "_sum", labels, _sum);
                Line(text, name + "_count", labels, _count);
            }
        }

        private string With(string label) => labels.Length == 0 ? label : $"{labels},{label}";

        private static void Line(StringBuilder text, string name, string labels, double value)
        {
            text.Append(name);
            if (labels.Length > 0)
            {
                text.Append('{').Append(labels).Append('}');
            }

            text.Append(' ').Append(Number(value)).Append('\n');
        }

        private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }
}

using System.Globalization;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Benchmarks.Comparison;

/// <summary>
/// Our figures beside the peers', as a table in Markdown. Of several lines for the same thing the best counts, for every side alike; a
/// ratio above 1 says that ours is better, whether more or less is better. A peer without lines has no columns.
/// </summary>
internal sealed class RatioTable
{
    private const string Ours = "mlclassify";
    private const string TwoThreadsNetwork = "resnet50";

    private static readonly (string Side, string Title)[] KnownPeers = [("pytorch", "PyTorch"), ("onnxruntime", "ONNX Runtime")];

    private readonly IReadOnlyList<PeerLine> _lines;
    private readonly (string Side, string Title)[] _peers;
    private readonly string[] _networks;
    private readonly int _batch;
    private readonly int _threads;

    /// <summary>Sorts lines.</summary>
    /// <param name="lines">What all sides printed.</param>
    /// <exception cref="InvalidDataException">None of them is ours.</exception>
    public RatioTable(IReadOnlyList<PeerLine> lines)
    {
        PeerLine[] ours = [.. lines.Where(line => line.Side == Ours)];
        if (ours.Length == 0)
        {
            throw new InvalidDataException($"no line of '{Ours}' to compare with");
        }

        _lines = lines;
        _peers = [.. KnownPeers.Where(peer => lines.Any(line => line.Side == peer.Side))];
        _networks = [.. ours.Select(line => line.Network).Distinct()];
        _batch = ours.Max(line => line.Batch);
        _threads = ours.Max(line => line.Threads);
    }

    /// <summary>The table.</summary>
    public IEnumerable<string> Rows()
    {
        string[] header = ["", "network", "ours", "% of peak", "managed bytes a step", .. _peers.SelectMany(peer => (string[])[peer.Title, "ratio"])];
        yield return Row(header);
        yield return Row(["---", "---", .. header.Skip(2).Select(_ => "---:")]);
        foreach (string row in Measures().SelectMany(Rows).Concat(ThreadScaling()))
        {
            yield return row;
        }
    }

    private static double? Latency(PeerLine line) => 1000 / line.InferImagesPerS;

    // A process that only trained: what else ran would count too.
    private static double? TrainingMemory(PeerLine line) => line is { TrainImagesPerS: not null, InferImagesPerS: null, FrozenImagesPerS: null } ? line.PeakRssMb : null;

    private static string Number(double? value) => value?.ToString(value < 100 ? "F1" : "F0", CultureInfo.InvariantCulture) ?? "";

    private static string Ratio(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "";

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private IEnumerable<Measure> Measures()
    {
        string images = FormattableString.Invariant($"images/s, batch {_batch}");
        yield return new Measure($"training, {images}", _batch, line => line.TrainImagesPerS, line => line.TrainImagesPerS);
        yield return new Measure($"inference, {images}", _batch, line => line.InferImagesPerS, line => line.InferImagesPerS);
        yield return new Measure($"frozen features, {images}; peers: inference", _batch, line => line.FrozenImagesPerS, line => line.InferImagesPerS);
        yield return new Measure("inference of one image, ms", 1, Latency, Latency) { LessIsBetter = true };
        yield return new Measure(FormattableString.Invariant($"peak memory of training, MiB, batch {_batch}"), _batch, TrainingMemory, TrainingMemory)
        {
            LessIsBetter = true,
            IsSpeed = false,
        };
    }

    private IEnumerable<string> Rows(Measure measure)
    {
        foreach (string network in _networks)
        {
            if (Best(Ours, network, measure, measure.OfOurs) is not { } ours)
            {
                continue;
            }

            double? own = measure.OfOurs(ours);
            var cells = new List<string> { measure.Title, network, Number(own) };
            cells.AddRange(measure.IsSpeed ? [Number(ours.PercentOfPeak), Number(ours.ManagedBytesPerStep)] : ["", ""]);
            foreach ((string side, _) in _peers)
            {
                double? peer = Best(side, network, measure, measure.OfPeer) is { } line ? measure.OfPeer(line) : null;
                cells.AddRange([Number(peer), Ratio(measure.LessIsBetter ? peer / own : own / peer)]);
            }

            yield return Row(cells);
        }
    }

    private IEnumerable<string> ThreadScaling()
    {
        var training = new Measure("", _batch, line => line.TrainImagesPerS, line => line.TrainImagesPerS);
        double? many = Best(Ours, TwoThreadsNetwork, training, training.OfOurs)?.TrainImagesPerS;
        double? one = Best(Ours, TwoThreadsNetwork, training with { Threads = 1 }, training.OfOurs)?.TrainImagesPerS;
        if (_threads > 1 && many / one is { } ratio)
        {
            string title = FormattableString.Invariant($"training, {_threads} threads over one");
            yield return Row([title, TwoThreadsNetwork, Ratio(ratio), "", "", .. _peers.SelectMany(_ => (string[])["", ""])]);
        }
    }

    private PeerLine? Best(string side, string network, Measure measure, Func<PeerLine, double?> value)
    {
        int threads = measure.Threads ?? _threads;
        IEnumerable<PeerLine> lines = _lines.Where(line =>
            line.Side == side && line.Network == network && line.Batch == measure.Batch && line.Threads == threads && value(line) is not null);
        return measure.LessIsBetter ? lines.MinBy(value) : lines.MaxBy(value);
    }

    private sealed record Measure(string Title, int Batch, Func<PeerLine, double?> OfOurs, Func<PeerLine, double?> OfPeer)
    {
        public bool LessIsBetter { get; init; }

        public bool IsSpeed { get; init; } = true;

        /// <summary>Threads; those of the comparison when null.</summary>
        public int? Threads { get; init; }
    }
}

using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.WeightFiles;

/// <summary>
/// Loads a weight file's tensors into a network's parameters, by torchvision's names, or by those that timm and others give the same
/// network.
/// </summary>
internal static class WeightLoader
{
    /// <summary>
    /// Compares a file with a network without reading values: what would be loaded, and what is missing, left over, or of another shape.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="source">The file.</param>
    public static LoadReport Compare(Graph graph, IWeightSource source) => Plan.Make(graph, source).Report;

    /// <summary>
    /// Loads a file. Prefixes such as <c>module.</c> are seen through, batch counters ignored; a linear layer takes the weight of a
    /// convolution over the whole map, and a 1x1 convolution a linear layer's. Weights of Caffe's AlexNet, as TensorFlow has them, are
    /// converted to this library's normalization (<c>docs/weights.md</c>). Parameters that the file does not give keep their values.
    /// </summary>
    /// <param name="parameters">Where the values go.</param>
    /// <param name="graph">The network whose parameters they are.</param>
    /// <param name="source">The file.</param>
    /// <param name="options">What the file may lack; nothing when null.</param>
    /// <returns>What went where.</returns>
    /// <exception cref="InvalidWeightsException">The file does not fit the network, or is damaged.</exception>
    public static LoadReport Load(ParameterStore parameters, Graph graph, IWeightSource source, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        options ??= new LoadOptions();
        Plan plan = Plan.Make(graph, source);
        if (options.Strict)
        {
            RequireFit(graph, source, plan, options.AllowHeadMismatch);
        }

        float[] buffer = new float[plan.Pairs.Select(pair => pair.Parameter.Count).DefaultIfEmpty().Max()];
        foreach ((Parameter parameter, WeightEntry entry) in plan.Pairs)
        {
            Span<float> values = buffer.AsSpan(0, (int)parameter.Count);
            plan.Source.Read(entry.Name, values);
            parameters.Import(parameter.Name, values);
        }

        return plan.Report;
    }

    /// <summary>The network of the registry that a file's names and shapes are of; its head may have any classes.</summary>
    /// <param name="source">The file.</param>
    /// <returns>The network's name.</returns>
    /// <exception cref="InvalidWeightsException">The names and shapes are those of no network, or of several.</exception>
    public static string NetworkOf(IWeightSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var fits = new List<(string Name, int Loaded)>();
        (string Name, int Loaded, int Total) nearest = ("", 0, 1);
        foreach (NetworkDefinition definition in NetworkRegistry.Default.Definitions)
        {
            Graph graph = definition.Build(new NetworkOptions());
            Plan plan = Plan.Make(graph, source);
            if (plan.Problems(graph, allowHeadMismatch: true).Count == 0 && plan.Report.Loaded.Count > 0)
            {
                fits.Add((definition.Name, plan.Report.Loaded.Count));
            }

            if ((double)plan.Report.Loaded.Count / graph.Parameters.Count > (double)nearest.Loaded / nearest.Total)
            {
                nearest = (definition.Name, plan.Report.Loaded.Count, graph.Parameters.Count);
            }
        }

        string[] best = [.. fits.Where(f => f.Loaded == fits.Max(other => other.Loaded)).Select(f => f.Name)];
        if (best is [string network])
        {
            return network;
        }

        string file = Path.GetFileName(source.File);
        string message = best.Length > 1
            ? $"{file}: its names and shapes are those of {string.Join(" and ", best)}; say which network it is."
            : nearest.Loaded == 0 ? $"{file}: its names are those of no known network; say which it is."
            : FormattableString.Invariant($"{file}: its names and shapes are those of no known network; the nearest is {nearest.Name}, of which {nearest.Loaded} of {nearest.Total} parameters match.");
        throw InvalidWeightsException.ForMismatch(source.File, message);
    }

    private static void RequireFit(Graph graph, IWeightSource source, Plan plan, bool allowHeadMismatch)
    {
        IReadOnlyList<string> details = plan.Problems(graph, allowHeadMismatch);
        if (details.Count == 0)
        {
            return;
        }

        int total = graph.Parameters.Count;
        int loaded = plan.Report.Loaded.Count;
        string file = Path.GetFileName(source.File);
        string list = string.Join("; ", details) + (plan.Refusal is null ? "" : $"; {plan.Refusal}");

        // A file of which less than half fits is of another network, whatever single names they share.
        string message = 2 * loaded < total
            ? FormattableString.Invariant(
                $"{file} holds weights of another network: {loaded} of {total} parameters of {graph.Name} match ({list}).")
            : FormattableString.Invariant($"{file} does not fit {graph.Name}: {loaded} of {total} parameters match ({list}).");
        throw InvalidWeightsException.ForMismatch(source.File, message);
    }

    private static string Describe(string what, int count, string first) =>
        FormattableString.Invariant($"{count} {what}, first: {InvalidWeightsException.Shorten(first)}");

    private sealed class Plan
    {
        private readonly HashSet<string> _backboneModules;
        private readonly string _headLayer;
        private readonly NameMatcher _names;

        private Plan(
            LoadReport report, List<(Parameter Parameter, WeightEntry Entry)> pairs, NameMatcher names, HashSet<string> backboneModules, string headLayer)
        {
            Report = report;
            Pairs = pairs;
            _names = names;
            _backboneModules = backboneModules;
            _headLayer = headLayer;
        }

        public LoadReport Report { get; }

        /// <summary>The file in the network's names.</summary>
        public required IWeightSource Source { get; init; }

        /// <summary>Why the file is of another network though its names are known, or null.</summary>
        public string? Refusal { get; init; }

        public IReadOnlyList<(Parameter Parameter, WeightEntry Entry)> Pairs { get; }

        public static Plan Make(Graph graph, IWeightSource source)
        {
            ArgumentNullException.ThrowIfNull(graph);
            ArgumentNullException.ThrowIfNull(source);
            (source, string? refusal) = RenamedWeights.Adapt(graph, source);
            var names = new NameMatcher(source.Entries, graph.Parameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal));
            var pairs = new List<(Parameter, WeightEntry)>();
            var missing = new List<string>();
            var mismatches = new List<ShapeMismatch>();
            var used = new HashSet<string>(StringComparer.Ordinal);
            foreach (Parameter parameter in graph.Parameters)
            {
                WeightEntry? entry = names.Find(parameter.Name);
                if (entry is null)
                {
                    missing.Add(parameter.Name);
                    continue;
                }

                used.Add(entry.Name);
                if (Fits(parameter, entry))
                {
                    pairs.Add((parameter, entry));
                }
                else
                {
                    mismatches.Add(new ShapeMismatch(parameter.Name, parameter.Dimensions, entry.Dimensions));
                }
            }

            var report = new LoadReport
            {
                Loaded = [.. pairs.Select(p => p.Item1.Name)],
                Missing = missing,
                Unexpected = [.. source.Entries.Select(e => e.Name).Where(n => !used.Contains(n) && !NameMatcher.IsCounter(n))],
                ShapeMismatches = mismatches,
            };
            HashSet<string> head = graph.HeadParameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
            IEnumerable<Parameter> backbone = graph.Parameters.Where(p => !head.Contains(p.Name));
            HashSet<string> modules = backbone.Select(p => Module(p.Name)).ToHashSet(StringComparer.Ordinal);
            return new Plan(report, pairs, names, modules, CommonModule(head)) { Source = source, Refusal = refusal };
        }

        /// <summary>What keeps the file from being the network's, a line for each kind; empty where it fits.</summary>
        public IReadOnlyList<string> Problems(Graph graph, bool allowHeadMismatch)
        {
            HashSet<string> head = graph.HeadParameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
            bool Tolerated(string name) => allowHeadMismatch && head.Contains(name);

            List<string> missing = [.. Report.Missing.Where(n => !Tolerated(n))];
            List<ShapeMismatch> mismatches = [.. Report.ShapeMismatches.Where(m => !Tolerated(m.Name))];
            List<string> unexpected = [.. Report.Unexpected.Where(n => !allowHeadMismatch || BelongsToBackbone(n))];
            return
            [
                .. missing.Count > 0 ? [Describe("missing", missing.Count, missing[0])] : Array.Empty<string>(),
                .. mismatches.Count > 0 ? [Describe("of another shape", mismatches.Count, mismatches[0].ToString())] : Array.Empty<string>(),
                .. unexpected.Count > 0 ? [Describe("unexpected", unexpected.Count, unexpected[0])] : Array.Empty<string>(),
            ];
        }

        /// <summary>
        /// Whether a left-over tensor lies in a module of the backbone: a deeper network's file has all names of a shallower one's.
        /// </summary>
        public bool BelongsToBackbone(string name)
        {
            string plain = _names.WithoutPrefix(name);
            return _backboneModules.Contains(Module(plain)) && !(_headLayer.Length > 0 && plain.StartsWith(_headLayer, StringComparison.Ordinal));
        }

        // "classifier.6." of classifier.6.0.weight, classifier.6.3.weight: another kind of head has its tensors there too.
        private static string CommonModule(IReadOnlyCollection<string> names)
        {
            string common = names.FirstOrDefault("");
            foreach (string name in names)
            {
                common = common[..common.AsSpan().CommonPrefixLength(name)];
            }

            return common[..(common.LastIndexOf('.') + 1)];
        }

        private static string Module(string name) => name.Split('.', 2)[0];

        // Dimensions of size 1 at the end change nothing: a 1x1 convolution's weight [C, F, 1, 1] is a linear layer's [C, F]. So is that
        // of a convolution over a whole map, [C, F, H, W]: the map is flattened in this order.
        private static bool Fits(Parameter parameter, WeightEntry entry) =>
            Trimmed(parameter.Dimensions.Select(d => (long)d)).SequenceEqual(Trimmed(entry.Dimensions))
            || (parameter.Dimensions is [var outputs, _] && entry.Dimensions is [var filters, _, _, _]
                && outputs == filters && parameter.Count == entry.Count);

        private static IEnumerable<long> Trimmed(IEnumerable<long> dimensions) => dimensions.Reverse().SkipWhile(d => d == 1).Reverse();
    }
}

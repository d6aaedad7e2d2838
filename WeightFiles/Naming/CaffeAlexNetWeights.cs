using MLClassify.Graphs;

namespace MLClassify.WeightFiles;

/// <summary>
/// Caffe's AlexNet (<c>bvlc_alexnet</c>) in TensorFlow's layout, as the <c>caffe-tensorflow</c> converter writes it
/// (<c>bvlc_alexnet.npy</c>, http://www.cs.toronto.edu/~guerzhoy/tf_alexnet/), presented as weights of <c>alexnet_paper</c> that give the
/// same logits for the same image:
/// <list type="bullet">
/// <item>Layout: filters <c>[H, W, I, O]</c> become <c>[O, I, H, W]</c>, matrices <c>[I, O]</c> become <c>[O, I]</c>, and the rows of
/// <c>fc6</c>, which count <c>[H, W, C]</c>, count <c>[C, H, W]</c>.</item>
/// <item>Input: Caffe's network takes blue, green, red from 0 to 255 less a mean, this library's red, green, blue less ImageNet's mean
/// and divided by its deviation. Both are affine in the pixels, and <c>conv1</c> has no border, so that its filters and biases take up the
/// difference exactly.</item>
/// <item>Normalization: Caffe divides by <c>(1 + 2e-5 s)^0.75</c>, <c>s</c> the sum of squares of five channels, the paper by
/// <c>(2 + 1e-4 s)^0.75</c>. With maps multiplied by <c>sqrt(0.4)</c> the two differ by the factor <c>2^0.75</c> alone, and
/// ReLUs and pooling pass factors on to the next layer's filters.</item>
/// </list>
/// </summary>
internal sealed class CaffeAlexNetWeights : IWeightSource
{
    private const int MapChannels = 256;
    private const int Channels = 3;

    // Before a normalization, a map of this network is this factor times Caffe's: 1e-4 / 2 * factor^2 = 2e-5.
    private static readonly double BeforeNorm = Math.Sqrt(0.4);

    // After it, times this one.
    private static readonly double AfterNorm = BeforeNorm / Math.Pow(2, 0.75);

    // Red, green, blue: ImageNet's normalization of bytes divided by 255, and the mean of Caffe's ilsvrc12 mean image.
    private static readonly double[] Mean = [0.485, 0.456, 0.406];
    private static readonly double[] Deviation = [0.229, 0.224, 0.225];
    private static readonly double[] CaffeMean = [122.67891434, 116.66876762, 104.00698793];

    private readonly IWeightSource _inner;
    private readonly Dictionary<string, WeightEntry> _foreign = new(StringComparer.Ordinal);

    private CaffeAlexNetWeights(Graph graph, IWeightSource inner)
    {
        _inner = inner;
        HashSet<string> parameters = graph.Parameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var entries = new List<WeightEntry>();
        foreach (WeightEntry entry in inner.Entries)
        {
            if (parameters.Contains(entry.Name))
            {
                _foreign.Add(entry.Name, entry);
            }

            entries.Add(parameters.Contains(entry.Name) ? entry with { Dimensions = Turned(entry.Dimensions) } : entry);
        }

        Entries = entries;
    }

    /// <summary>The two ways in which such files name a layer's values: as a list, or as a dictionary.</summary>
    public static IReadOnlyList<CheckpointNaming> Dialects { get; } =
    [
        new(name => FileName(name, "0", "1")) { Convert = Present },
        new(name => FileName(name, "weights", "biases")) { Convert = Present },
    ];

    public string File => _inner.File;

    public IReadOnlyList<WeightEntry> Entries { get; }

    public void Read(string name, Span<float> values)
    {
        if (!_foreign.TryGetValue(name, out WeightEntry? entry))
        {
            _inner.Read(name, values);
            return;
        }

        switch (name)
        {
            case "conv1.weight":
                ReadFirstFilters(entry, values);
                break;
            case "conv1.bias":
                ReadFirstBiases(entry, values);
                break;
            case "conv2.weight":
                ReadTurned(entry, values, BeforeNorm / AfterNorm);
                break;
            case "conv2.bias":
                ReadTurned(entry, values, BeforeNorm);
                break;
            case "conv3.weight":
                ReadTurned(entry, values, 1 / AfterNorm);
                break;
            default:
                ReadTurned(entry, values, 1);
                break;
        }
    }

    private static CaffeAlexNetWeights Present(Graph graph, IWeightSource source) => new(graph, source);

    private static string FileName(string parameter, string weights, string biases) => parameter
        .Replace(".weight", "." + weights, StringComparison.Ordinal)
        .Replace(".bias", "." + biases, StringComparison.Ordinal);

    private static long[] Turned(IReadOnlyList<long> dimensions) => dimensions switch
    {
        [var height, var width, var inputs, var outputs] => [outputs, inputs, height, width],
        [var inputs, var outputs] => [outputs, inputs],
        _ => [.. dimensions],
    };

    // The file's values are [rows..., outputs], the network's [outputs, rows...]; the rows' own order is what differs between layers.
    private void ReadTurned(WeightEntry entry, Span<float> values, double factor)
    {
        float[] read = new float[values.Length];
        _inner.Read(entry.Name, read);
        if (entry.Dimensions.Count < 2)
        {
            Scale(read, values, factor);
            return;
        }

        int outputs = (int)entry.Dimensions[^1];
        int rows = outputs == 0 ? 0 : read.Length / outputs;
        int inputs = entry.Dimensions.Count == 4 ? (int)entry.Dimensions[2]
            : entry.Name == "fc6.weight" && rows % MapChannels == 0 ? MapChannels
            : rows;
        int places = inputs == 0 ? 0 : rows / inputs;
        for (int place = 0; place < places; place++)
        {
            for (int input = 0; input < inputs; input++)
            {
                ReadOnlySpan<float> row = read.AsSpan(((place * inputs) + input) * outputs, outputs);
                int to = (input * places) + place;
                for (int output = 0; output < outputs; output++)
                {
                    values[(output * rows) + to] = (float)(row[output] * factor);
                }
            }
        }
    }

    private void ReadFirstFilters(WeightEntry entry, Span<float> values)
    {
        float[] caffe = new float[values.Length];
        ReadTurned(entry, caffe, 1);
        if (entry.Dimensions is not [var height, var width, Channels, _])
        {
            Scale(caffe, values, 1);
            return;
        }

        int places = (int)(height * width);
        for (int i = 0; i < values.Length; i++)
        {
            int place = i % places;
            int red = i / places % Channels;
            int filter = i / places / Channels;
            int blue = Channels - 1 - red;
            values[i] = (float)(caffe[(((filter * Channels) + blue) * places) + place] * 255 * Deviation[red] * BeforeNorm);
        }
    }

    private void ReadFirstBiases(WeightEntry entry, Span<float> values)
    {
        float[] biases = new float[values.Length];
        _inner.Read(entry.Name, biases);
        if (!_foreign.TryGetValue("conv1.weight", out WeightEntry? filters)
            || filters.Dimensions is not [_, _, Channels, var outputs]
            || outputs != values.Length
            || filters.Count > Array.MaxLength)
        {
            Scale(biases, values, BeforeNorm);
            return;
        }

        // Read as in the file: the index of the output turns fastest, then the channel, blue first.
        float[] read = new float[filters.Count];
        _inner.Read(filters.Name, read);
        double[] sums = [.. biases.Select(b => (double)b)];
        for (int i = 0; i < read.Length; i++)
        {
            int red = Channels - 1 - (i / sums.Length % Channels);
            sums[i % sums.Length] += read[i] * ((255 * Mean[red]) - CaffeMean[red]);
        }

        for (int i = 0; i < sums.Length; i++)
        {
            values[i] = (float)(sums[i] * BeforeNorm);
        }
    }

    private static void Scale(float[] read, Span<float> values, double factor)
    {
        for (int i = 0; i < read.Length; i++)
        {
            values[i] = (float)(read[i] * factor);
        }
    }
}

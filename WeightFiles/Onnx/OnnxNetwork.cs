using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.WeightFiles.Onnx.Import;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Onnx;

/// <summary>
/// A classifier read from an ONNX file: its graph, and its values, which stay in the file until <see cref="Load"/> asks for them. The
/// file is open until this is disposed. One caller at a time.
/// </summary>
/// <remarks>
/// A softmax at the end is left out: the network returns logits. What the model does to its input before its first layer is
/// <see cref="Input"/>, not part of the graph. Dropout that the file holds stays.
/// </remarks>
internal sealed class OnnxNetwork : IDisposable
{
    /// <summary>The side of the input where neither file nor caller says it, in pixels.</summary>
    public const int DefaultInputSize = 224;

    private readonly OnnxFile _file;
    private readonly IReadOnlyDictionary<string, Func<float[]>> _values;

    private OnnxNetwork(OnnxFile file, Graph graph, OnnxImporter importer)
    {
        _file = file;
        _values = importer.Values;
        Graph = graph;
        Input = importer.Input ?? new OnnxInput
        {
            Factors = [.. Enumerable.Repeat(1.0, graph.Input.Shape.Channels)],
            Offsets = [.. Enumerable.Repeat(0.0, graph.Input.Shape.Channels)],
        };
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (StringStringEntryProto entry in file.Model.MetadataProps)
        {
            metadata.TryAdd(entry.Key, entry.Value);
        }

        Metadata = metadata;
    }

    /// <summary>The network, <c>[N, H, W, C]</c> to logits <c>[N, 1, 1, classes]</c>; its features are what its last layer reads.</summary>
    public Graph Graph { get; }

    /// <summary>What the model does to its input before the graph begins; factors of 1 and offsets of 0 where it does nothing.</summary>
    public OnnxInput Input { get; }

    /// <summary>What the model says of itself; of several values of a key the first.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Whether a file's first bytes are those of an ONNX model, whatever its name. The rest is not looked at.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool Matches(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        Span<byte> start = stackalloc byte[16];
        return Matches(start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }

    /// <summary>Reads a model; its values stay in the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inputSize">The side of the input where the file leaves it open, in pixels; <see cref="DefaultInputSize"/> when null.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged, or no ONNX model.</exception>
    /// <exception cref="UnsupportedOnnxException">The model uses what is not supported; the message lists all of it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxNetwork Open(string path, int? inputSize = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        int size = inputSize ?? DefaultInputSize;
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(inputSize));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, NetworkOptions.MaximumInputSize, nameof(inputSize));
        return Open(OnnxFile.Open(path), path, size);
    }

    /// <summary>Reads the values of all parameters that have one in the file; others stay as they are.</summary>
    /// <param name="parameters">Where they go: the graph's parameters, or those of a graph that shares some with it.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Load(ParameterStore parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (Parameter parameter in parameters.Parameters)
        {
            if (_values.TryGetValue(parameter.Name, out Func<float[]>? read))
            {
                parameters.Import(parameter.Name, read());
            }
        }
    }

    /// <summary>Reads a parameter's values.</summary>
    /// <param name="parameter">Its name in <see cref="Graph"/>.</param>
    /// <param name="values">As many as it has.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Read(string parameter, Span<float> values) => _values[parameter]().CopyTo(values);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Reads a model that is open already, and closes it with this, or on failure.</summary>
    internal static OnnxNetwork Open(OnnxFile file, string path, int inputSize = DefaultInputSize)
    {
        try
        {
            var importer = new OnnxImporter(path, file.Model);
            return new OnnxNetwork(file, importer.Run(inputSize), importer);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // A message begins with its format's version (field 1), a small number, and one of the model's other fields follows. A safetensors
    // file begins with its header's length in eight bytes and the header's '{'.
    internal static bool Matches(ReadOnlySpan<byte> start) =>
        start.Length > 3 && start[0] == 0x08 && start[1] is > 0 and < 0x80
        && start[2] is 0x12 or 0x1A or 0x22 or 0x28 or 0x32 or 0x3A or 0x42 or 0x72
        && !(start.Length > 8 && start[8] == (byte)'{' && start[3..8].IndexOfAnyExcept((byte)0) < 0);
}

using MLClassify.WeightFiles.Onnx.Import;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Packages;

/// <summary>
/// Reads what a package's preparing model does: it splits an image <c>[1, 3, H, W]</c> of bytes into its channels, puts them together in
/// another order, and subtracts a mean image. Of the mean image the average of each channel is taken, so that the network can see other
/// sizes, crops and mirrored images.
/// </summary>
internal sealed class PreparationReader
{
    private const int Channels = 3;

    private readonly string _file;
    private readonly Dictionary<string, TensorProto> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _channels = new(StringComparer.Ordinal);
    private readonly double[] _means = new double[Channels];
    private string _value;
    private bool _isReversed;

    private PreparationReader(string file, GraphProto graph)
    {
        _file = file;
        foreach (TensorProto tensor in graph.Initializer)
        {
            _constants[tensor.Name] = tensor;
        }

        string[] inputs = [.. graph.Input.Select(i => i.Name).Where(n => !_constants.ContainsKey(n))];
        _value = inputs is [var only] ? only : throw Unsupported(FormattableString.Invariant($"{inputs.Length} inputs, expected one image"));
    }

    /// <summary>Reads a preparing model.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged, or no ONNX model.</exception>
    /// <exception cref="Onnx.UnsupportedOnnxException">It does something else to an image.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static WeightInput Read(string path)
    {
        using OnnxFile file = OnnxFile.Open(path);
        GraphProto graph = file.Model.Graph ?? new GraphProto();
        var reader = new PreparationReader(path, graph);
        foreach (NodeProto node in graph.Node)
        {
            reader.Follow(node);
        }

        return graph.Output is [var output] && output.Name == reader._value
            ? reader.Result()
            : throw reader.Unsupported("an output that is not what the last node gives");
    }

    private WeightInput Result()
    {
        (int red, int blue) = _isReversed ? (2, 0) : (0, 2);
        return new WeightInput(_isReversed, (float)_means[red], (float)_means[1], (float)_means[blue]);
    }

    private void Follow(NodeProto node)
    {
        switch (node.OpType)
        {
            case "Split" when node.Input is [var input, ..] && input == _value && node.Output.Count == Channels && node.Find("axis")?.I == 1:
                for (int i = 0; i < Channels; i++)
                {
                    _channels[node.Output[i]] = i;
                }

                break;
            case "Concat" when node.Output.Count == 1 && node.Find("axis")?.I == 1 && node.Input.All(_channels.ContainsKey):
                _isReversed = node.Input.Select(i => _channels[i]).ToArray() switch
                {
                    [0, 1, 2] => false,
                    [2, 1, 0] => true,
                    _ => throw Unsupported("another order of channels than red, green, blue or blue, green, red"),
                };
                _value = node.Output[0];
                break;
            case "Sub" when node.Output.Count == 1 && node.Input is [var left, var right] && left == _value && _constants.TryGetValue(right, out TensorProto? mean):
                Subtract(mean);
                _value = node.Output[0];
                break;
            default:
                throw Unsupported(node.OpType);
        }
    }

    private void Subtract(TensorProto tensor)
    {
        if (tensor.Dims is not ([1, Channels, _, _] or [Channels, _, _]) || tensor.Count == 0 || tensor.IsExternal)
        {
            throw Unsupported($"a mean of [{string.Join(", ", tensor.Dims.Take(8))}], expected [1, 3, H, W]");
        }

        float[] values = new float[tensor.Count];
        tensor.ReadSingles(values);
        int length = values.Length / Channels;
        for (int c = 0; c < Channels; c++)
        {
            double sum = 0;
            foreach (float value in values.AsSpan(c * length, length))
            {
                sum += value;
            }

            _means[c] += sum / length;
        }

        if (!_means.All(m => Math.Abs(m) <= byte.MaxValue))
        {
            throw new InvalidWeightsException(_file, "the mean image is none of bytes", tensor.Name, expected: "0 to 255");
        }
    }

    private Onnx.UnsupportedOnnxException Unsupported(string what) => new(_file, [what]);
}

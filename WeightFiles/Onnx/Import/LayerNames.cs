using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MLClassify.Graphs;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>
/// Names of layers and parameters. An initializer's own name is kept where it says something; else the layer's place in the module that
/// was exported, which PyTorch writes as <c>/layer1/layer1.0/conv1/Conv</c>, becomes <c>layer1.0.conv1</c>. Every name is given once.
/// </summary>
internal sealed class LayerNames
{
    private const int MaximumLength = 200;

    private readonly HashSet<string> _parameters = new(StringComparer.Ordinal);
    private readonly HashSet<string> _layers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>A layer's name, after its weight's where that says something.</summary>
    public string Layer(NodeProto node, string? weight = null)
    {
        const string Suffix = ".weight";
        if (weight is not null && Sensible(weight) is { } name && name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return Unique(_layers, name[..^Suffix.Length]);
        }

        string path = ModulePath(node.Name, node.OpType);
        string kind = Lower(node.OpType);
        bool isStep = node.Name.StartsWith('/') && node.OpType is "Add" or "Concat" or "Flatten" or "Reshape" or "Mul" or "Pad" or "Slice";
        return Unique(_layers, path.Length == 0 ? kind : isStep || _layers.Contains(path) ? $"{path}.{kind}" : path);
    }

    /// <summary>A parameter's name.</summary>
    /// <param name="initializer">The file's name for it; empty where it has none.</param>
    /// <param name="layer">Its layer.</param>
    /// <param name="role">What it is to the layer, such as <c>weight</c>.</param>
    public string Parameter(string initializer, string layer, string role)
    {
        string name = Sensible(initializer) is { } own && !_parameters.Contains(own) ? own : $"{layer}.{role}";
        return Unique(_parameters, name);
    }

    // Names that exporters count up say nothing: '193', 'onnx::Conv_193', 'val_7', '/fc/Transpose_output_0'. A segment 'module' is
    // PyTorch's DataParallel, which weight files are seen through to; so it must not be part of a name here.
    private static string? Sensible(string name)
    {
        if (name.Length is 0 or > MaximumLength || name.Any(c => char.IsControl(c) || c is '/' or ':'))
        {
            return null;
        }

        if (!name.Any(char.IsLetter) || name.StartsWith("val_", StringComparison.Ordinal))
        {
            return null;
        }

        string plain = string.Join('.', name.Split('.').Where(segment => segment != "module"));
        return plain.Length == 0 || plain.EndsWith("num_batches_tracked", StringComparison.Ordinal) ? null : plain;
    }

    // In '/layer1/layer1.0/conv1/Conv' a segment that continues the one before replaces it; the last one is the operator.
    private static string ModulePath(string name, string operation)
    {
        string[] segments = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length == 0 || (segments.Length == 1 && !name.StartsWith('/')))
        {
            return Clean(name);
        }

        var path = new List<string>();
        bool endsInOperator = segments[^1].StartsWith(operation, StringComparison.Ordinal);
        foreach (string segment in segments.SkipLast(endsInOperator ? 1 : 0).Take(64))
        {
            if (path.Count > 0 && segment.StartsWith(path[^1] + ".", StringComparison.Ordinal))
            {
                path[^1] = segment;
            }
            else
            {
                path.Add(segment);
            }
        }

        return Clean(string.Join('.', path.SelectMany(s => s.Split('.')).Where(s => s != "module")));
    }

    private static string Clean(string name)
    {
        string cut = name.Length > MaximumLength ? name[..MaximumLength] : name;
        return string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '_' : c));
    }

    private string Unique(HashSet<string> taken, string name)
    {
        string candidate = name;
        while (!taken.Add(candidate))
        {
            int number = _numbers.GetValueOrDefault(name, 1) + 1;
            _numbers[name] = number;
            candidate = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
        }

        return candidate;
    }

    [SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "layers' names are lower-case")]
    private static string Lower(string text) => Clean(text).ToLowerInvariant();
}

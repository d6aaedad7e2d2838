using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.Models;

/// <summary>
/// A model file: safetensors under torchvision's names, with metadata <c>format</c> (<c>mlclassify</c>), <c>format_version</c>,
/// <c>labels</c> (a JSON array), <c>network</c>, <c>preprocessing</c>, <c>training</c> and <c>training_images</c> (JSON objects).
/// </summary>
internal static class ModelFile
{
    private const string Format = "mlclassify";
    private const string Version = "1";
    private const string TrainingImagesKey = "training_images";
    private const int BufferBytes = 1 << 16;

    // The header is no HTML: labels in any script stay readable.
    private static readonly LabelsJson Json = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static void Write(string path, TrainedModel model, ParameterStore parameters, ElementType type = ElementType.F32) =>
        SafetensorsWriter.Write(path, parameters, Describe(model), type);

    public static void Write(Stream stream, TrainedModel model, ElementType type) =>
        SafetensorsWriter.Write(stream, SafetensorsWriter.TensorsOf(model.Parameters, type), Describe(model));

    /// <summary>A model's metadata in a file, whatever the file's format.</summary>
    public static Dictionary<string, string> Describe(TrainedModel model)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = Format,
            ["format_version"] = Version,
            ["labels"] = JsonSerializer.Serialize(model.Labels, Json.IReadOnlyListString),
            ["network"] = model.Network.ToJson(),
            ["preprocessing"] = model.Preprocessing.ToJson(),
        };
        if (model.TrainingRecord is not null)
        {
            metadata["training"] = model.TrainingRecord;
        }

        if (model.TrainingImages is not null)
        {
            metadata[TrainingImagesKey] = model.TrainingImages.ToJson();
        }

        return metadata;
    }

    public static TrainedModel Read(string path, ComputeOptions compute, IReadOnlyList<string>? labelsOfNone = null)
    {
        path = FileOf(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        return Read(stream, path, compute, labelsOfNone);
    }

    /// <summary>Reads a model from a stream.</summary>
    /// <param name="stream">The file, from its first byte; it must be seekable, and may be closed by this.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="compute">What computes.</param>
    /// <param name="labelsOfNone">The classes' names where the file has none.</param>
    public static TrainedModel Read(Stream stream, string path, ComputeOptions compute, IReadOnlyList<string>? labelsOfNone)
    {
        Span<byte> start = stackalloc byte[FileKind.Sample];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        if (OnnxNetwork.Matches(start))
        {
            using OnnxNetwork onnx = OnnxNetwork.Open(new OnnxFile(stream, path), path);
            return OnnxModelReader.Read(onnx, path, labels: null, preprocessing: null, compute, labelsOfNone);
        }

        if (ZippedModel.Matches(start))
        {
            using MemoryStream inside = ZippedModel.Read(stream, path);
            return Read(inside, path, compute, labelsOfNone);
        }

        CheckKind(start, path);

        using var reader = new SafetensorsReader(stream, path, leaveOpen: true);
        CheckFormat(reader, path);
        NetworkSpec network = NetworkSpec.FromJson(Required(reader, "network", path), path);
        string[] labels = ReadLabels(Required(reader, "labels", path), path);
        PreprocessingSpec preprocessing = ReadPreprocessing(Required(reader, "preprocessing", path), path);
        if (Mismatch(network, labels, preprocessing) is { } problem)
        {
            throw new InvalidWeightsException(path, $"the model's description contradicts itself: {problem}");
        }

        Graph graph = Build(network, path);
        CheckComplete(graph, reader, path);
        return ModelFactory.Create(
            network,
            graph,
            labels,
            preprocessing,
            compute,
            parameters => WeightLoader.Load(parameters, graph, reader),
            reader.Metadata.GetValueOrDefault("training"),
            ReadTrainingImages(reader.Metadata, path));
    }

    /// <summary>The images that a file's model was trained on, from its metadata alone; null where it does not say.</summary>
    public static TrainingImages? ReadTrainingImages(string path)
    {
        path = FileOf(path);
        if (OnnxNetwork.Matches(path))
        {
            using TrainedModel model = Read(path, new ComputeOptions { Device = ComputeDevice.Cpu, Threads = 1 });
            return model.TrainingImages;
        }

        using SafetensorsReader reader = SafetensorsReader.Open(path);
        return ReadTrainingImages(reader.Metadata, path);
    }

    /// <summary>The same of any weight file; null where it is no model of this library's.</summary>
    public static TrainingImages? TryReadTrainingImages(string path)
    {
        try
        {
            using SafetensorsReader reader = SafetensorsReader.Open(path);
            return ReadTrainingImages(reader.Metadata, path);
        }
        catch (InvalidWeightsException)
        {
            return null;
        }
    }

    /// <summary>The images that a model was trained on, from a file's metadata; null where they do not say.</summary>
    public static TrainingImages? ReadTrainingImages(IReadOnlyDictionary<string, string> metadata, string path)
    {
        try
        {
            return metadata.GetValueOrDefault(TrainingImagesKey) is { } json ? TrainingImages.Parse(json) : null;
        }
        catch (FormatException e)
        {
            throw new InvalidWeightsException(path, $"the list of training images is damaged ({e.Message})", innerException: e);
        }
    }

    /// <summary>The file that a path means: a run's folder stands for its best model.</summary>
    internal static string FileOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            return path;
        }

        string best = Path.Combine(path, "weights", "best.safetensors");
        return File.Exists(best) ? best : throw new InvalidWeightsException(path, "this is a folder without a run's model", expected: "a model file, or the folder of a run");
    }

    /// <summary>The part that does not fit, or null.</summary>
    public static string? Mismatch(NetworkSpec network, IReadOnlyList<string> labels, PreprocessingSpec preprocessing)
    {
        if (labels.Count != network.Classes)
        {
            return FormattableString.Invariant($"the network has {network.Classes} classes, there are {labels.Count} labels");
        }

        int size = preprocessing.CropSize;
        return network.InputHeight != size || network.InputWidth != size
            ? FormattableString.Invariant($"the network takes {network.InputHeight} x {network.InputWidth} pixels, preprocessing gives {size} x {size}")
            : null;
    }

    // What is given for a model by mistake; the reader would look for a safetensors header in it.
    private static void CheckKind(ReadOnlySpan<byte> start, string path)
    {
        if (start is [_, _, _, _, _, _, _, _, (byte)'{', ..])
        {
            return;
        }

        if (File.Exists(path) && IsWeightFile(path))
        {
            throw WeightsAlone(path);
        }

        if (FileKind.Describe(start) is { } kind)
        {
            throw new InvalidWeightsException(path, $"this is {kind}, not a model file", expected: "a model that training saved, or an ONNX file");
        }
    }

    private static bool IsWeightFile(string path)
    {
        try
        {
            WeightFile.Open(path).Dispose();
            return true;
        }
        catch (InvalidWeightsException)
        {
            return false;
        }
    }

    private static InvalidWeightsException WeightsAlone(string path) =>
        new(path, "the file holds weights without a model's description; load them as initial weights of a network instead") { Reason = InvalidWeightsReason.WeightsInsteadOfModel };

    private static void CheckFormat(SafetensorsReader reader, string path)
    {
        if (reader.Metadata.GetValueOrDefault("format") != Format)
        {
            throw WeightsAlone(path);
        }

        if (reader.Metadata.GetValueOrDefault("format_version") is var version && version != Version)
        {
            throw new InvalidWeightsException(path, "the model file's version is not known here", expected: Version, found: version ?? "none");
        }
    }

    private static string Required(SafetensorsReader reader, string key, string path) =>
        reader.Metadata.GetValueOrDefault(key) ?? throw new InvalidWeightsException(path, $"the metadata lacks '{key}'");

    internal static string[] ReadLabels(string json, string path)
    {
        try
        {
            string?[] labels = JsonSerializer.Deserialize(json, Json.StringArray) ?? [];
            string? twice = labels.GroupBy(l => l, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
            if (labels.Any(string.IsNullOrEmpty) || twice is not null)
            {
                string found = twice is null ? "an empty name" : $"'{twice}' twice";
                throw new InvalidWeightsException(path, "the labels are wrong", expected: "distinct names", found: found);
            }

            return labels!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidWeightsException(path, $"the labels are damaged ({e.Message})", innerException: e);
        }
    }

    internal static PreprocessingSpec ReadPreprocessing(string json, string path)
    {
        try
        {
            return PreprocessingSpec.FromJson(json);
        }
        catch (InvalidPreprocessingException e)
        {
            throw new InvalidWeightsException(path, e.Message.TrimEnd('.'), innerException: e);
        }
    }

    private static Graph Build(NetworkSpec network, string path)
    {
        try
        {
            return network.Build();
        }
        catch (ArgumentException e)
        {
            throw new InvalidWeightsException(path, $"the network cannot be built: {e.Message.TrimEnd('.')}", innerException: e);
        }
    }

    // Before memory is taken for the parameters: a small file must not ask for a large network.
    private static void CheckComplete(Graph graph, SafetensorsReader reader, string path)
    {
        LoadReport report = WeightLoader.Compare(graph, reader);
        if (!report.IsComplete)
        {
            string problem = report switch
            {
                { Missing: [var first, ..] } => $"'{first}' is missing",
                { ShapeMismatches: [var first, ..] } => first.ToString(),
                _ => $"'{report.Unexpected[0]}' has no place in it",
            };
            throw new InvalidWeightsException(path, $"the weights do not fit the network {graph.Name}: {problem}");
        }
    }
}

/// <summary>Labels without reflection, for trimmed and ahead-of-time compiled programs.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class LabelsJson : JsonSerializerContext;

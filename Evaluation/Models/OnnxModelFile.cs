using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Networks;
using MLClassify.Networks.Onnx;
using MLClassify.Networks.Weights;
using MLClassify.Preprocessing;

namespace MLClassify.Evaluation;

/// <summary>An ONNX file as a model: labels and preprocessing from its metadata and from what it does to its input.</summary>
internal static class OnnxModelFile
{
    // Pixels go up to 255 or to 1. A mean or a deviation above this is one of bytes.
    private const float LargestOfUnit = 4;

    public static TrainedModel Read(string path, IReadOnlyList<string>? labels, PreprocessingSpec? preprocessing, int threads)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PreprocessingSpec? own = null;
        using OnnxNetwork network = OnnxNetwork.Open(path, preprocessing?.CropSize);
        if (network.Metadata.TryGetValue("preprocessing", out string? text))
        {
            own = ModelFile.ReadPreprocessing(text, path);
        }

        Graph graph = Sized(network.Graph, preprocessing?.CropSize ?? own?.CropSize, path);
        PreprocessingSpec spec = Preprocessing(network, preprocessing ?? own ?? Default(graph, path), path);
        int classes = graph.Output.Shape.Channels;
        IReadOnlyList<string> names = labels ?? Labels(network, path) ?? [.. Enumerable.Range(0, classes).Select(Placeholder)];
        NetworkSpec description = NetworkSpec.From(graph);
        if (ModelFile.Mismatch(description, names, spec) is { } problem)
        {
            throw new InvalidWeightsException(path, $"the model's parts do not fit: {problem}");
        }

        var parameters = new ParameterSet(graph.Parameters, Device.Cpu(threads));
        try
        {
            network.Load(parameters);
            return new TrainedModel(description, graph, names, spec, parameters);
        }
        catch
        {
            parameters.Dispose();
            parameters.Device.Dispose();
            throw;
        }
    }

    /// <summary>The classes' names that the file gives, or null.</summary>
    public static string[]? Labels(OnnxNetwork network, string path) =>
        network.Metadata.TryGetValue("labels", out string? json) ? ModelFile.ReadLabels(json, path) : null;

    private static string Placeholder(int index) => FormattableString.Invariant($"class {index}");

    private static Graph Sized(Graph graph, int? size, string path)
    {
        Shape input = graph.Input.Shape;
        if (size is not { } side || (input.Height == side && input.Width == side))
        {
            return graph;
        }

        try
        {
            return Graphs.Descriptions.GraphDescription.From(graph).Build(side, side);
        }
        catch (ArgumentException e)
        {
            throw new InvalidWeightsException(
                path, FormattableString.Invariant($"the network cannot take {side} x {side} pixels: {e.Message.TrimEnd('.')}"), innerException: e);
        }
    }

    private static PreprocessingSpec Default(Graph graph, string path)
    {
        Shape input = graph.Input.Shape;
        if (input.Height != input.Width || input.Height > PreprocessingSpec.MaxSize * 224 / 256)
        {
            throw new InvalidWeightsException(
                path, "the network's input is no square of a usual size", found: FormattableString.Invariant($"{input.Height} x {input.Width}"));
        }

        return PreprocessingSpec.ImageNet(input.Height);
    }

    // What the file does to its input is y = factor x + offset, so that x has the mean -offset / factor and the deviation 1 / factor.
    private static PreprocessingSpec Preprocessing(OnnxNetwork network, PreprocessingSpec spec, string path)
    {
        if (network.Graph.Input.Shape.Channels != 3)
        {
            throw new InvalidWeightsException(
                path, "the network takes no colour pictures", expected: "3 channels", found: FormattableString.Invariant($"{network.Graph.Input.Shape.Channels}"));
        }

        if (network.Scaling is not { } scaling || (scaling.Factors.All(f => f == 1) && scaling.Offsets.All(o => o == 0)))
        {
            return spec;
        }

        float[] deviations = [.. scaling.Factors.Select(f => 1 / f)];
        float[] means = [.. scaling.Factors.Select((f, i) => -scaling.Offsets[i] / f)];
        if (!deviations.All(d => float.IsFinite(d) && d > 0) || !means.All(float.IsFinite))
        {
            throw new InvalidWeightsException(path, "the model's normalisation is none of pictures");
        }

        bool areBytes = deviations.Concat(means).Any(v => Math.Abs(v) > LargestOfUnit);
        float unit = areBytes ? 255 : 1;
        if (spec.ChannelOrder == ChannelOrder.Bgr)
        {
            Array.Reverse(deviations);
            Array.Reverse(means);
        }

        return spec with
        {
            Scale = 1f / 255f,
            Mean = new ChannelValues(means[0] / unit, means[1] / unit, means[2] / unit),
            Std = new ChannelValues(deviations[0] / unit, deviations[1] / unit, deviations[2] / unit),
        };
    }
}

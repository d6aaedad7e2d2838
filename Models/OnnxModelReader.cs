using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Packages;

namespace MLClassify.Models;

/// <summary>Reads an ONNX file as a model: labels and preprocessing from its metadata and from what it does to its input.</summary>
internal static class OnnxModelReader
{
    // Pixels go up to 255 or to 1. A mean or a deviation above this is one of bytes.
    private const float LargestOfUnit = 4;

    public static TrainedModel Read(string path, IReadOnlyList<string>? labels, PreprocessingSpec? preprocessing, ComputeOptions compute, IReadOnlyList<string>? labelsOfNone = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using OnnxNetwork network = OnnxNetwork.Open(path, preprocessing?.CropSize);
        return Read(network, path, labels, preprocessing, compute, labelsOfNone);
    }

    /// <summary>The same of an open file, whose values are read.</summary>
    public static TrainedModel Read(
        OnnxNetwork network, string path, IReadOnlyList<string>? labels, PreprocessingSpec? preprocessing, ComputeOptions compute, IReadOnlyList<string>? labelsOfNone)
    {
        PreprocessingSpec? own = null;
        if (network.Metadata.TryGetValue("preprocessing", out string? text))
        {
            own = ModelFile.ReadPreprocessing(text, path);
        }

        Graph graph = Sized(network.Graph, preprocessing?.CropSize ?? own?.CropSize, path);
        PreprocessingSpec spec = Preprocessing(network, preprocessing ?? own ?? OfPackage(graph, path) ?? Default(graph, path), path);
        int classes = graph.Output.Shape.Channels;
        IReadOnlyList<string> names = labels ?? Labels(network, path) ?? labelsOfNone ?? [.. Enumerable.Range(0, classes).Select(Placeholder)];
        NetworkSpec description = NetworkSpec.From(graph);
        if (ModelFile.Mismatch(description, names, spec) is { } problem)
        {
            throw new InvalidWeightsException(path, $"the model's parts do not fit: {problem}");
        }

        return ModelFactory.Create(description, graph, names, spec, compute, network.Load, trainingImages: ModelFile.ReadTrainingImages(network.Metadata, path));
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

    // A featurizer package's file says nothing of itself; the model beside it does.
    private static PreprocessingSpec? OfPackage(Graph graph, string path) =>
        graph.Input.Shape is var input && input.Height == input.Width && PackageFinder.Around(path) is { } files
            ? InitialPreprocessing.Of(PreparationReader.Read(files.Preparation), input.Height)
            : null;

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
                path, "the network takes no color images", expected: "3 channels", found: FormattableString.Invariant($"{network.Graph.Input.Shape.Channels}"));
        }

        OnnxInput input = network.Input;
        ChannelOrder order = input.IsReversed ? ChannelOrder.Bgr : ChannelOrder.Rgb;
        if (input.Factors.All(f => f == 1) && input.Offsets.All(o => o == 0))
        {
            return input.IsReversed ? spec with { ChannelOrder = order } : spec;
        }

        double[] deviations = [.. input.Factors.Select(f => 1 / f)];
        double[] means = [.. input.Factors.Select((f, i) => -input.Offsets[i] / f)];
        if (input.IsReversed)
        {
            Array.Reverse(deviations);
            Array.Reverse(means);
        }

        double unit = network.Metadata.GetValueOrDefault("input_range") switch
        {
            "255" => 255,
            "1" => 1,
            _ => deviations.Concat(means).Any(v => Math.Abs(v) > LargestOfUnit) ? 255 : 1,
        };
        ChannelValues mean = Values(means, unit);
        ChannelValues std = Values(deviations, unit);
        if (spec.ChannelOrder == order && IsClose(mean, spec.Mean, spec.Scale) && IsClose(std, spec.Std, spec.Scale))
        {
            // What the metadata says is the same without the rounding.
            return spec;
        }

        PreprocessingSpec found = spec with { Scale = 1f / 255f, Mean = mean, Std = std, ChannelOrder = order };
        try
        {
            found.Validate();
            return found;
        }
        catch (ArgumentException e)
        {
            throw new InvalidWeightsException(path, $"the model's normalization is not a valid image normalization ({e.Message.TrimEnd('.')})", innerException: e);
        }
    }

    private static ChannelValues Values(double[] values, double unit) =>
        new((float)(values[0] / unit), (float)(values[1] / unit), (float)(values[2] / unit));

    // Of pixels from 0 to 1 against those that the spec has scaled.
    private static bool IsClose(ChannelValues found, ChannelValues stated, float scale) =>
        found.ToArray().Zip(stated.ToArray()).All(v => Math.Abs((v.First * 255.0 * scale) - v.Second) <= 1e-4 * Math.Max(0.01, Math.Abs(v.Second)));
}

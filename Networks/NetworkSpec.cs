using System.Text.Json;
using System.Text.Json.Serialization;
using MLClassify.Graphs;
using MLClassify.Graphs.Descriptions;

namespace MLClassify.Networks;

/// <summary>The specification that a network is rebuilt from; stored in model files as JSON.</summary>
public sealed record NetworkSpec
{
    /// <summary>The network's name in the registry; any name for a network of its own, such as one that came from an ONNX file.</summary>
    public required string Name { get; init; }

    /// <summary>The number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>The input's rows.</summary>
    public required int InputHeight { get; init; }

    /// <summary>The input's columns.</summary>
    public required int InputWidth { get; init; }

    /// <summary>The head (classifier) that follows the features.</summary>
    public required HeadKind Head { get; init; }

    /// <summary>The width of <see cref="HeadKind.Mlp"/>'s hidden layer; null with every other head.</summary>
    public int? HeadWidth { get; init; }

    /// <summary>The share that every dropout layer drops, or null for the network's own.</summary>
    public float? Dropout { get; init; }

    /// <summary>The network itself, for one that no registry knows, such as one that came from an ONNX file; else null.</summary>
    [JsonInclude]
    internal GraphDescription? Graph { get; init; }

    /// <summary>Describes a network by itself, so that it can be built again without a registry.</summary>
    /// <param name="graph">The network, <c>[N, H, W, C]</c> to <c>[N, 1, 1, classes]</c>.</param>
    internal static NetworkSpec From(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new NetworkSpec
        {
            Name = graph.Name,
            Classes = graph.Output.Shape.Count,
            InputHeight = graph.Input.Shape.Height,
            InputWidth = graph.Input.Shape.Width,
            Head = HeadKind.Original,
            Graph = GraphDescription.From(graph),
        };
    }

    /// <summary>Describes a network that is built with some options.</summary>
    /// <param name="name">The network's name.</param>
    /// <param name="options">Its options.</param>
    public static NetworkSpec From(string name, NetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(options);
        return new NetworkSpec
        {
            Name = name,
            Classes = options.Classes,
            InputHeight = options.InputHeight,
            InputWidth = options.InputWidth,
            Head = options.Head,
            HeadWidth = options.Head == HeadKind.Mlp ? options.HeadWidth : null,
            Dropout = options.Dropout,
        };
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <param name="file">The file that it comes from, for messages.</param>
    /// <exception cref="InvalidWeightsException">The text is not such a description, or a value is out of its range.</exception>
    internal static NetworkSpec FromJson(string json, string file)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(file);
        NetworkSpec? spec;
        try
        {
            spec = JsonSerializer.Deserialize(json, NetworkSpecContext.Default.NetworkSpec);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidWeightsException(
                file, $"the network's description is damaged ({InvalidWeightsException.Shorten(e.Message)})", innerException: e);
        }

        if (spec is null)
        {
            throw new InvalidWeightsException(file, "the network's description is empty", expected: "a JSON object", found: "null");
        }

        if ((spec.Head == HeadKind.Mlp) != spec.HeadWidth.HasValue)
        {
            throw new InvalidWeightsException(
                file, "the network's description is wrong: head_width belongs to the head 'hidden', and to no other");
        }

        return spec.ToOptions().Problem() is { } problem
            ? throw new InvalidWeightsException(file, $"the network's description is wrong: {problem}")
            : spec;
    }

    /// <summary>The description as one line of JSON.</summary>
    internal string ToJson() => JsonSerializer.Serialize(this, NetworkSpecContext.Default.NetworkSpec);

    /// <summary>The options to build it with.</summary>
    internal NetworkOptions ToOptions() => new()
    {
        Classes = Classes,
        InputHeight = InputHeight,
        InputWidth = InputWidth,
        Head = Head,
        HeadWidth = HeadWidth ?? NetworkOptions.DefaultHeadWidth,
        Dropout = Dropout,
    };

    /// <summary>Builds the network.</summary>
    /// <param name="registry">Where the name is looked up; <see cref="NetworkRegistry.Default"/> when null.</param>
    /// <exception cref="ArgumentException">The name is unknown, the input is too small for the network, or the description is no network.</exception>
    internal Graph Build(NetworkRegistry? registry = null) =>
        Graph is null ? (registry ?? NetworkRegistry.Default).Get(Name).Build(ToOptions()) : BuildDescribed(Graph);

    private Graph BuildDescribed(GraphDescription description)
    {
        Graph graph = description.Build(InputHeight, InputWidth);
        return graph.Output.Shape == Shape.Vector(Classes)
            ? graph
            : throw new ArgumentException(FormattableString.Invariant($"{graph.Name}: the output is {graph.Output.Shape}, expected {Classes} classes."));
    }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NetworkSpec))]
internal sealed partial class NetworkSpecContext : JsonSerializerContext;

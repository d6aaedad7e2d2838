using MLClassify.Graphs;

namespace MLClassify.Networks;

/// <summary>Where a network was published.</summary>
/// <param name="Title">The paper's title.</param>
/// <param name="Url">Where to read it.</param>
public sealed record Paper(string Title, Uri Url);

/// <summary>The definition of a network that can be built by name.</summary>
public sealed record NetworkDefinition
{
    /// <summary>Defines a network.</summary>
    /// <param name="factory">Builds the graph from options that <see cref="Build"/> has checked.</param>
    internal NetworkDefinition(Func<NetworkOptions, Graph> factory) => Factory = factory;

    /// <summary>The name: lower-case, torchvision's where it has the network.</summary>
    public required string Name { get; init; }

    /// <summary>The family, such as <c>ResNet</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Where it was published.</summary>
    public required Paper Paper { get; init; }

    /// <summary>One sentence on what it is.</summary>
    public required string Description { get; init; }

    /// <summary>The side of the input that its published weights were trained for, in pixels. Default 224.</summary>
    public int DefaultInputSize { get; init; } = 224;

    /// <summary>
    /// What an image's short side is resized to before the central square is cut out, over the input's side, in [1, 4]: 1 for networks
    /// that see small images whole. Default 256/224, as torchvision's weights expect it.
    /// </summary>
    public double ResizeRatio { get; init; } = 256.0 / 224;

    /// <summary>The smallest side of an input that leaves every layer something to compute, in pixels. Default 1.</summary>
    public int MinimumInputSize { get; init; } = 1;

    /// <summary>
    /// The share of ImageNet's validation images that torchvision's weights classify rightly; null when nothing is published.
    /// </summary>
    public double? PublishedTop1 { get; init; }

    /// <summary>Builds the graph from options that <see cref="Build"/> has checked.</summary>
    internal Func<NetworkOptions, Graph> Factory { get; }

    /// <summary>
    /// Builds the network, <c>[N, H, W, 3]</c> to logits <c>[N, 1, 1, classes]</c>. <see cref="Graph.Features"/> is what the last layer
    /// with parameters reads.
    /// </summary>
    /// <param name="options">Classes, input size, head.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the input is too small for this network.</exception>
    internal Graph Build(NetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problem() is { } problem)
        {
            throw new ArgumentException($"{Name}: {problem}.", nameof(options));
        }

        if (options.InputHeight < MinimumInputSize || options.InputWidth < MinimumInputSize)
        {
            string limit = FormattableString.Invariant($"{MinimumInputSize} x {MinimumInputSize}");
            string found = FormattableString.Invariant($"{options.InputHeight} x {options.InputWidth}");
            throw new ArgumentException($"{Name}: the input must be at least {limit} pixels, got {found}.", nameof(options));
        }

        return Factory(options);
    }
}

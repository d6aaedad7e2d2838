using System.Diagnostics.CodeAnalysis;
using MLClassify.Common;
using MLClassify.Networks.Backbones;

namespace MLClassify.Networks;

/// <summary>The networks that can be built by name. Reading is safe from several threads, registering is not.</summary>
public sealed class NetworkRegistry
{
    private readonly SortedDictionary<string, NetworkDefinition> _definitions = new(StringComparer.Ordinal);

    /// <summary>Starts a registry that holds nothing.</summary>
    internal NetworkRegistry()
    {
    }

    /// <summary>The networks of this library.</summary>
    public static NetworkRegistry Default { get; } = CreateDefault();

    /// <summary>All networks, by name.</summary>
    public IReadOnlyCollection<NetworkDefinition> Definitions => _definitions.Values;

    /// <summary>All names, sorted.</summary>
    public IReadOnlyCollection<string> Names => _definitions.Keys;

    /// <summary>Adds a network.</summary>
    /// <param name="definition">The network.</param>
    /// <exception cref="ArgumentException">The name is not lower-case, or is taken.</exception>
    internal void Register(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (definition.Name.Length == 0 || !definition.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            throw new ArgumentException(
                $"A network's name has lower-case letters, digits and '_' only, got '{definition.Name}'.", nameof(definition));
        }

        if (!_definitions.TryAdd(definition.Name, definition))
        {
            throw new ArgumentException($"A network named '{definition.Name}' is registered already.", nameof(definition));
        }
    }

    /// <summary>A network by name, in any letter case.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    public NetworkDefinition Get(string name) =>
        TryGet(name, out NetworkDefinition? definition)
            ? definition
            : throw new ArgumentException(
                $"Unknown network '{name}'{(NearestName.Find(name, Names) is { } nearest ? $", perhaps {nearest}" : "")}; known: {string.Join(", ", Names)}.", nameof(name));

    /// <summary>A network by name, in any letter case.</summary>
    /// <param name="name">The name.</param>
    /// <param name="definition">The network.</param>
    /// <returns>Whether there is one of this name.</returns>
    [SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "names are lower-case by definition")]
    public bool TryGet(string name, [NotNullWhen(true)] out NetworkDefinition? definition)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _definitions.TryGetValue(name.ToLowerInvariant(), out definition);
    }

    private static NetworkRegistry CreateDefault()
    {
        var registry = new NetworkRegistry();
        NetworkDefinition[] definitions =
        [
            .. AlexNet.Definitions,
            .. AlexNetPaper.Definitions,
            .. CifarResNet.Definitions,
            .. DenseNet.Definitions,
            .. MobileNetV2.Definitions,
            .. ResNet.Definitions,
            .. SqueezeNet.Definitions,
            .. Vgg.Definitions,
        ];
        foreach (NetworkDefinition definition in definitions)
        {
            registry.Register(definition);
        }

        return registry;
    }
}

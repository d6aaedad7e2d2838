namespace MLClassify.Preprocessing.Augmentation;

/// <summary>A named sequence of random changes, made while training. Immutable.</summary>
public sealed class AugmentationPolicy
{
    private static readonly AugmentationPolicy[] Known =
    [
        new("none"),
        new("flip", [new RandomHorizontalFlip()]),
        new("standard", [new RandomResizedCrop(), new RandomHorizontalFlip()]),
    ];

    /// <summary>Composes a policy.</summary>
    /// <param name="name">Its name, for the run's record.</param>
    /// <param name="geometric">Choices of what is seen, in order.</param>
    /// <param name="pixel">Changes of the resized pixels, in order, after all geometric ones.</param>
    public AugmentationPolicy(
        string name, IEnumerable<IGeometricAugmentation>? geometric = null, IEnumerable<IPixelAugmentation>? pixel = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Geometric = [.. geometric ?? []];
        Pixel = [.. pixel ?? []];
    }

    /// <summary>Nothing: what evaluation and prediction use.</summary>
    public static AugmentationPolicy None => Known[0];

    /// <summary>The centre crop, mirrored half of the time.</summary>
    public static AugmentationPolicy Flip => Known[1];

    /// <summary>A random resized crop, mirrored half of the time.</summary>
    public static AugmentationPolicy Standard => Known[2];

    /// <summary>The names that <see cref="Parse"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(policy => policy.Name)];

    /// <summary>The policy's name.</summary>
    public string Name { get; }

    /// <summary>Choices of what is seen, in order.</summary>
    public IReadOnlyList<IGeometricAugmentation> Geometric { get; }

    /// <summary>Changes of the resized pixels, in order.</summary>
    public IReadOnlyList<IPixelAugmentation> Pixel { get; }

    /// <summary>Whether every epoch gives the same picture, so that features of a frozen network may be kept.</summary>
    public bool IsDeterministic => Geometric.Count == 0 && Pixel.Count == 0;

    /// <summary>Finds a policy by name.</summary>
    /// <param name="name"><c>none</c>, <c>flip</c> or <c>standard</c>.</param>
    /// <exception cref="ArgumentException">Another name.</exception>
    public static AugmentationPolicy Parse(string name) =>
        Array.Find(Known, policy => policy.Name == name)
        ?? throw new ArgumentException(
            $"Unknown augmentation '{name}'; expected {string.Join(", ", Known.Select(policy => policy.Name))}.", nameof(name));
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>
/// A named augmentation policy: a sequence of random changes made while training. Immutable; equal to another with the same steps. In JSON
/// it is its text.
/// </summary>
[JsonConverter(typeof(AugmentationPolicyConverter))]
public sealed class AugmentationPolicy : IEquatable<AugmentationPolicy>
{
    private static readonly (AugmentationPolicy Policy, string Description)[] Known =
    [
        (new("none"), "No augmentation: the center crop, as evaluation uses it."),
        (new("flip", [new RandomHorizontalFlip()]), "The center crop, mirrored half of the time."),
        (new("standard", [new RandomResizedCrop(), new RandomHorizontalFlip()]), "What torchvision's reference training does for ImageNet."),
        (
            new("strong", [new RandomResizedCrop(), new RandomHorizontalFlip()], [new TrivialAugment(), new RandomErasing(0.25)]),
            "For long training of large networks: the standard one, TrivialAugment and erasing."
        ),
        (new("alexnet", [new RandomCrop(), new RandomHorizontalFlip()], [new PcaLighting()]), "The AlexNet paper's (2012, section 4.1)."),
        (new("cifar", [new RandomHorizontalFlip()], [new PadCrop()]), "The ResNet paper's for CIFAR (2016, section 4.2)."),
    ];

    /// <summary>Composes a policy, of any steps.</summary>
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

    /// <summary>No augmentation: what evaluation and prediction use.</summary>
    public static AugmentationPolicy None => Known[0].Policy;

    /// <summary>The center crop, mirrored half of the time.</summary>
    public static AugmentationPolicy Flip => Known[1].Policy;

    /// <summary>A random resized crop, mirrored half of the time.</summary>
    public static AugmentationPolicy Standard => Known[2].Policy;

    /// <summary>The standard one, then TrivialAugment and, a quarter of the time, erasing.</summary>
    public static AugmentationPolicy Strong => Known[3].Policy;

    /// <summary>A random crop of the resized image, mirrored half of the time, under changing light: the AlexNet paper's.</summary>
    public static AugmentationPolicy AlexNet => Known[4].Policy;

    /// <summary>Shifted by up to four pixels, mirrored half of the time: the ResNet paper's for CIFAR.</summary>
    public static AugmentationPolicy Cifar => Known[5].Policy;

    /// <summary>The names that <see cref="Parse"/> knows, with the parts that each stands for.</summary>
    public static IReadOnlyList<AugmentationSyntax> KnownNames { get; } =
    [
        .. Known.Select(known => new AugmentationSyntax(
            known.Policy.Name, AugmentationText.WriteParts(known.Policy.Geometric, known.Policy.Pixel)!, known.Description)),
    ];

    /// <summary>The parts that <see cref="Parse"/> knows, with their parameters.</summary>
    public static IReadOnlyList<AugmentationSyntax> KnownParts { get; } = [.. AugmentationParts.All.Select(part => part.Describe())];

    /// <summary>
    /// The policy's name. What <see cref="Parse"/> and <see cref="Compose"/> give has a canonical one, which parses back to an equal policy: a
    /// known name where it stands for exactly these steps, else the parts, geometric ones first, without defaults at their ends.
    /// </summary>
    public string Name { get; }

    /// <summary>Choices of what is seen, in order.</summary>
    public IReadOnlyList<IGeometricAugmentation> Geometric { get; }

    /// <summary>Changes of the resized pixels, in order.</summary>
    public IReadOnlyList<IPixelAugmentation> Pixel { get; }

    /// <summary>Whether every epoch gives the same image, so that features of a frozen network may be kept.</summary>
    public bool IsDeterministic => Geometric.Count == 0 && Pixel.Count == 0;

    internal static IEnumerable<AugmentationPolicy> KnownPolicies => Known.Select(known => known.Policy);

    /// <summary>
    /// Reads a policy: one of <see cref="KnownNames"/>, or such names and <see cref="KnownParts"/> separated by commas, each part's parameters
    /// after colons, as in <c>crop:0.25,flip,rotate:15,erase:0.25</c>. Parts keep their order among the geometric and among the pixel ones.
    /// Case and spaces around words and numbers do not matter.
    /// </summary>
    /// <param name="text">The text; at most 8192 characters and 32 steps.</param>
    /// <exception cref="ArgumentException">A part is unknown or a parameter is outside its range; the message names it.</exception>
    public static AugmentationPolicy Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AugmentationText.Parse(text);
    }

    /// <summary>Reads a policy as <see cref="Parse"/> does; null stays null.</summary>
    /// <param name="text">The text.</param>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator AugmentationPolicy?(string? text) => text is null ? null : Parse(text);

    /// <summary>Composes a policy of this library's steps, under its canonical name.</summary>
    /// <param name="geometric">Choices of what is seen, in order.</param>
    /// <param name="pixel">Changes of the resized pixels, in order, after all geometric ones.</param>
    /// <exception cref="ArgumentException">A step has no text, being of another type, or there are more than 32.</exception>
    public static AugmentationPolicy Compose(IEnumerable<IGeometricAugmentation>? geometric = null, IEnumerable<IPixelAugmentation>? pixel = null)
    {
        IGeometricAugmentation[] choices = [.. geometric ?? []];
        IPixelAugmentation[] changes = [.. pixel ?? []];
        string name = AugmentationText.Write(choices, changes) ?? throw new ArgumentException(
            $"A step has no text, or there are more than {AugmentationText.MaxSteps}; give the policy a name of its own.");
        return new AugmentationPolicy(name, choices, changes);
    }

    /// <summary>Whether the steps are equal, whatever the names.</summary>
    /// <param name="other">Another policy.</param>
    public bool Equals(AugmentationPolicy? other) => other is not null && HasSteps(other.Geometric, other.Pixel);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AugmentationPolicy);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (object step in Geometric.Concat<object>(Pixel))
        {
            hash.Add(step);
        }

        return hash.ToHashCode();
    }

    /// <summary>The policy's name.</summary>
    public override string ToString() => Name;

    /// <summary>Whether a step is of a type.</summary>
    internal bool Has<T>()
        where T : IGeometricAugmentation => Geometric.Any(step => step is T);

    /// <summary>The other steps; the same policy where none is of the type.</summary>
    internal AugmentationPolicy Without<T>()
        where T : IGeometricAugmentation
    {
        if (!Has<T>())
        {
            return this;
        }

        IGeometricAugmentation[] others = [.. Geometric.Where(step => step is not T)];
        return new AugmentationPolicy(AugmentationText.Write(others, Pixel) ?? $"{Name}, in part", others, Pixel);
    }

    internal bool HasSteps(IReadOnlyList<IGeometricAugmentation> geometric, IReadOnlyList<IPixelAugmentation> pixel) =>
        Geometric.SequenceEqual(geometric) && Pixel.SequenceEqual(pixel);
}

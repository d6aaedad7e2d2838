using MLClassify.Networks;
using MLClassify.WeightFiles.Packages;

namespace MLClassify.WeightFiles.Pretrained;

/// <summary>Weights that are here and can be opened.</summary>
public sealed record InitialWeights
{
    /// <summary>The selection that leads to exactly these again, for a run's record; see <see cref="WeightSelection"/>.</summary>
    public required WeightSelection Selection { get; init; }

    /// <summary>A short description: the file's name.</summary>
    public required string Description { get; init; }

    /// <summary>What they were made from, in a few words, where that is known: figures on the images that they were made from flatter them.</summary>
    public string? Origin { get; init; }

    /// <summary>The file; null for weights inside this library.</summary>
    public string? File { get; init; }

    /// <summary>
    /// The short side, in pixels, that images are brought to before 224 x 224 are cut from their center, as the weights were measured.
    /// Default null: as the network's definition says.
    /// </summary>
    public int? ResizeSize { get; init; }

    /// <summary>Why they were taken in place of the default ones; null where they are these, or were asked for.</summary>
    internal string? InPlaceOf { get; init; }

    /// <summary>What they expect of an image where it is not the network's usual normalization; null where it is.</summary>
    internal WeightInput? Input { get; init; }

    /// <summary>Opens the weights; the caller disposes what it gets.</summary>
    public required Func<IWeightFile> Open { get; init; }

    /// <summary>The short side of an image over the input's side.</summary>
    /// <param name="definition">The weights' network.</param>
    /// <exception cref="InvalidOperationException">The weights expect an image to be prepared in another way, as a package's do.</exception>
    public double ResizeRatioFor(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Input is not null
            ? throw new InvalidOperationException($"{Description}: these weights expect another preprocessing than a short side and a crop.")
            : ResizeSize is { } size ? size / 224.0 : definition.ResizeRatio;
    }

    /// <summary>A file of a user's.</summary>
    /// <param name="path">Its path.</param>
    public static InitialWeights FromFile(string path) => new()
    {
        Selection = WeightSelection.File(path),
        Description = Path.GetFileName(path),
        File = path,
        Open = () => WeightFile.Open(path),
    };
}

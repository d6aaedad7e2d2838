using MLClassify.Trainers;

namespace MLClassify;

/// <summary>What the network sees of an image. Part of <see cref="FineTuneOptions"/>.</summary>
public sealed record InputOptions
{
    private const string Group = nameof(FineTuneOptions.Input);

    /// <summary>The side of the square that the network sees, in pixels. Default null: the network's own; 8 to 4,096.</summary>
    public int? ImageSize { get; init; }

    /// <summary>How pixels are normalized. Default <see cref="NormalizationKind.ImageNet"/>.</summary>
    public NormalizationKind Normalization { get; init; } = NormalizationKind.ImageNet;

    /// <summary>
    /// The complete preprocessing of an image, in place of <see cref="ImageSize"/> and <see cref="Normalization"/>, which it
    /// excludes, as does <see cref="FineTuneOptions.InitialModel"/>. Default null: what the weights were measured with, at <see cref="ImageSize"/>. Its
    /// <see cref="PreprocessingSpec.CropSize"/> is the network's input; 8 to 4,096.
    /// </summary>
    public PreprocessingSpec? Preprocessing { get; init; }

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">A setting is out of range, or two contradict each other.</exception>
    internal void Validate()
    {
        OptionRange.Check($"{Group}.{nameof(ImageSize)}", ImageSize ?? 224, 8, 4_096);
        if (Preprocessing is not { } spec)
        {
            return;
        }

        if (ImageSize is not null || Normalization != NormalizationKind.ImageNet)
        {
            throw OptionError.Create(
                $"{Group}.{nameof(Preprocessing)}",
                $"{Group}.{nameof(Preprocessing)} says the input's size and how pixels are normalized: it excludes {nameof(ImageSize)} and {nameof(Normalization)}.");
        }

        spec.Validate();
        OptionRange.Check($"{Group}.{nameof(Preprocessing)}.{nameof(PreprocessingSpec.CropSize)}", spec.CropSize, 8, 4_096);
    }
}

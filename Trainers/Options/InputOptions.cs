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
    /// How images of any proportions become the network's square; the model's file keeps it. Default null: as the weights were measured, or
    /// as the model in <see cref="FineTuneOptions.InitialModel"/> has it; most take the central square.
    /// </summary>
    public ImageFit? Fit { get; init; }

    /// <summary>
    /// The complete preprocessing of an image, in place of <see cref="ImageSize"/>, <see cref="Fit"/> and <see cref="Normalization"/>, which it
    /// excludes, as does <see cref="FineTuneOptions.InitialModel"/>. Default null: what the weights were measured with, at <see cref="ImageSize"/>. Its
    /// <see cref="PreprocessingSpec.CropSize"/> is the network's input; 8 to 4,096.
    /// </summary>
    public PreprocessingSpec? Preprocessing { get; init; }

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">A setting is out of range, or two contradict each other.</exception>
    internal void Validate()
    {
        OptionRange.Check($"{Group}.{nameof(ImageSize)}", ImageSize ?? 224, 8, 4_096);
        if (Fit is { } fit && !Enum.IsDefined(fit))
        {
            throw OptionError.Create($"{Group}.{nameof(Fit)}", FormattableString.Invariant($"{Group}.{nameof(Fit)} is {(int)fit}; it must be {string.Join(", ", Enum.GetNames<ImageFit>())}."));
        }

        if (Preprocessing is not { } spec)
        {
            return;
        }

        if (ImageSize is not null || Fit is not null || Normalization != NormalizationKind.ImageNet)
        {
            throw OptionError.Create(
                $"{Group}.{nameof(Preprocessing)}",
                $"{Group}.{nameof(Preprocessing)} says the input's size and how pixels are normalized: it excludes {nameof(ImageSize)} and {nameof(Normalization)}, and {nameof(Fit)}.");
        }

        spec.Validate();
        OptionRange.Check($"{Group}.{nameof(Preprocessing)}.{nameof(PreprocessingSpec.CropSize)}", spec.CropSize, 8, 4_096);
    }
}

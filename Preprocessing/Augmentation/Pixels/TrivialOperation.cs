namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>What <see cref="TrivialAugment"/> chooses from.</summary>
internal enum TrivialOperation
{
    Identity,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Rotate,
    Brightness,
    Color,
    Contrast,
    Sharpness,
    Posterize,
    Solarize,
    AutoContrast,
    Equalize,
}

namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>
/// The operations of TrivialAugment with their ranges, as in the wide search space of Müller and Hutter (2021) and in
/// torchvision's <c>TrivialAugmentWide</c>: shear keeps the upper left corner in place, shifts are of whole pixels.
/// </summary>
internal static class TrivialOperations
{
    /// <summary>Strengths, from 0 on.</summary>
    public const int Levels = 31;

    private const double MaxShear = 0.99;
    private const int MaxShift = 32;
    private const double MaxDegrees = 135;
    private const double MaxFactor = 0.99;
    private const int MaxLostBits = 6;

    /// <summary>How many operations there are.</summary>
    public static int Count { get; } = Enum.GetValues<TrivialOperation>().Length;

    /// <summary>Carries out an operation.</summary>
    /// <param name="operation">Which.</param>
    /// <param name="level">The strength, 0 to <see cref="Levels"/> - 1.</param>
    /// <param name="isNegative">The other direction, for the operations that have one.</param>
    /// <param name="pixels">Interleaved R, G, B: <c>[height, width, 3]</c>.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="fill">How the pixels that a moved image leaves empty are filled.</param>
    public static void Apply(TrivialOperation operation, int level, bool isNegative, Span<byte> pixels, int width, int height, RgbColor fill)
    {
        double share = level / (Levels - 1.0);
        double signed = isNegative ? -share : share;
        switch (operation)
        {
            case TrivialOperation.ShearX:
                AffineSampler.Apply(pixels, width, height, AffineMap.ShearX(MaxShear * signed), fill);
                break;
            case TrivialOperation.ShearY:
                AffineSampler.Apply(pixels, width, height, AffineMap.ShearY(MaxShear * signed), fill);
                break;
            case TrivialOperation.TranslateX:
                PixelShift.Apply(pixels, width, height, (int)(MaxShift * signed), 0, fill);
                break;
            case TrivialOperation.TranslateY:
                PixelShift.Apply(pixels, width, height, 0, (int)(MaxShift * signed), fill);
                break;
            case TrivialOperation.Rotate:
                AffineSampler.Apply(pixels, width, height, AffineMap.Rotation(MaxDegrees * signed, width, height), fill);
                break;
            case TrivialOperation.Posterize:
                ToneOperations.Posterize(pixels, 8 - (int)Math.Round(MaxLostBits * share));
                break;
            case TrivialOperation.Solarize:
                ToneOperations.Solarize(pixels, 255 * (1 - share));
                break;
            case TrivialOperation.AutoContrast:
                ToneOperations.AutoContrast(pixels);
                break;
            case TrivialOperation.Equalize:
                ToneOperations.Equalize(pixels);
                break;
            default:
                Enhance(operation, 1 + (MaxFactor * signed), pixels, width, height);
                break;
        }
    }

    private static void Enhance(TrivialOperation operation, double factor, Span<byte> pixels, int width, int height)
    {
        switch (operation)
        {
            case TrivialOperation.Brightness:
                ColorOperations.AdjustBrightness(pixels, factor);
                break;
            case TrivialOperation.Color:
                ColorOperations.AdjustSaturation(pixels, factor);
                break;
            case TrivialOperation.Contrast:
                ColorOperations.AdjustContrast(pixels, factor);
                break;
            case TrivialOperation.Sharpness:
                Sharpening.Apply(pixels, width, height, factor);
                break;
        }
    }
}

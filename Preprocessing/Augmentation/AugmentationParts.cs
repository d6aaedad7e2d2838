namespace MLClassify.Preprocessing.Augmentation;

/// <summary>All steps that have a text. A new one needs a row here and in <c>docs/augmentation.md</c>.</summary>
internal static class AugmentationParts
{
    private static readonly string[] Fills = ["mean", "black"];

    private static readonly string[] ErasingValues = ["mean", "black", "noise"];

    public static IReadOnlyList<AugmentationPart> All { get; } =
    [
        AugmentationPart.Of<RandomResizedCrop>(
            "crop",
            "a rectangle of random area and proportions, stretched to the input",
            [Share("min_scale", 0.08), Share("max_scale", 1), Ratio("min_ratio", 3.0 / 4.0), Ratio("max_ratio", 4.0 / 3.0)],
            v => new RandomResizedCrop(v[0], v[1], v[2], v[3]),
            s => [s.MinScale, s.MaxScale, s.MinRatio, s.MaxRatio]),
        AugmentationPart.Of<RandomCrop>("randomcrop", "the input's square at a random place of the resized image", [], _ => new RandomCrop(), _ => []),
        AugmentationPart.Of<RandomHorizontalFlip>(
            "flip", "mirrors left and right", [Between("probability", 0.5, 1)], v => new RandomHorizontalFlip(v[0]), s => [s.Probability]),
        AugmentationPart.Of<PadCrop>(
            "padcrop",
            "pads every side and cuts the old size out at a random place",
            [Between("pad", 4, PadCrop.MaxPad) with { IsWhole = true }, Fill(FillColor.Black)],
            v => new PadCrop((int)v[0], (FillColor)v[1]),
            s => [s.Pad, (double)s.Fill]),
        AugmentationPart.Of<RandomRotation>(
            "rotate",
            "turns by a random angle to either side",
            [Between("degrees", 15, RandomRotation.MaxDegrees), Fill(FillColor.Mean)],
            v => new RandomRotation(v[0], (FillColor)v[1]),
            s => [s.Degrees, (double)s.Fill]),
        AugmentationPart.Of<RandomTranslation>(
            "translate",
            "shifts by up to a share of each side",
            [Between("share", 0.1, 1), Fill(FillColor.Mean)],
            v => new RandomTranslation(v[0], (FillColor)v[1]),
            s => [s.Share, (double)s.Fill]),
        AugmentationPart.Of<ColorJitter>(
            "jitter",
            "changes the colors, in random order",
            [
                Between("brightness", 0.4, ColorJitter.MaxStrength), Between("contrast", 0.4, ColorJitter.MaxStrength),
                Between("saturation", 0.4, ColorJitter.MaxStrength), Between("hue", 0.1, ColorJitter.MaxHue),
            ],
            v => new ColorJitter(v[0], v[1], v[2], v[3]),
            s => [s.Brightness, s.Contrast, s.Saturation, s.Hue]),
        AugmentationPart.Of<PcaLighting>(
            "pca", "changes the light along the axes of ImageNet's colors", [Between("sigma", 0.1, PcaLighting.MaxSigma)], v => new PcaLighting(v[0]), s => [s.Sigma]),
        AugmentationPart.Of<TrivialAugment>(
            "trivial", "one of 14 changes, of random strength", [Fill(FillColor.Mean)], v => new TrivialAugment((FillColor)v[0]), s => [(double)s.Fill]),
        AugmentationPart.Of<RandomErasing>(
            "erase",
            "overwrites a random rectangle",
            [
                Between("probability", 0.5, 1), Share("min_scale", 0.02), Share("max_scale", 0.33), Ratio("min_ratio", 0.3), Ratio("max_ratio", 3.3),
                new AugmentationParameter("value", (double)ErasingValue.Mean) { Words = ErasingValues },
            ],
            v => new RandomErasing(v[0], v[1], v[2], v[3], v[4], (ErasingValue)v[5]),
            s => [s.Probability, s.MinScale, s.MaxScale, s.MinRatio, s.MaxRatio, (double)s.Value]),
    ];

    private static AugmentationParameter Between(string name, double standard, double maximum) => new(name, standard) { Maximum = maximum };

    private static AugmentationParameter Share(string name, double standard) => new(name, standard) { IsAboveMinimum = true, Maximum = 1 };

    private static AugmentationParameter Ratio(string name, double standard) => new(name, standard) { IsAboveMinimum = true };

    private static AugmentationParameter Fill(FillColor standard) => new("fill", (double)standard) { Words = Fills };
}

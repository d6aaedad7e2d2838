namespace MLClassify.Imaging.Png;

/// <summary>PNG, third edition, section 11.2.1.</summary>
internal enum PngColorType : byte
{
    Grayscale = 0,
    Truecolor = 2,
    Indexed = 3,
    GrayscaleAlpha = 4,
    TruecolorAlpha = 6,
}

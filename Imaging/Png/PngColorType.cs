namespace MLClassify.Imaging.Png;

/// <summary>PNG, third edition, section 11.2.1.</summary>
internal enum PngColorType : byte
{
    Greyscale = 0,
    Truecolour = 2,
    Indexed = 3,
    GreyscaleAlpha = 4,
    TruecolourAlpha = 6,
}

namespace MLClassify.Imaging.Bmp;

/// <summary>The values of biCompression that are decoded here ([MS-WMF] section 2.1.1.7).</summary>
internal enum BmpCompression : uint
{
    None = 0,
    Rle8 = 1,
    Rle4 = 2,
    BitFields = 3,
    AlphaBitFields = 6,
}

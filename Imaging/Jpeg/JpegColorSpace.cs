namespace MLClassify.Imaging.Jpeg;

/// <summary>What the components of a frame mean.</summary>
internal enum JpegColorSpace
{
    Gray,
    YCbCr,
    Rgb,
    Cmyk,
    Ycck,
}

namespace MLClassify.Imaging;

/// <summary>An image format, told from the first bytes of a file.</summary>
internal enum ImageFormat
{
    /// <summary>JPEG (ITU-T T.81).</summary>
    Jpeg,

    /// <summary>PNG (W3C, third edition).</summary>
    Png,

    /// <summary>Windows bitmap.</summary>
    Bmp,

    /// <summary>GIF 87a or 89a.</summary>
    Gif,

    /// <summary>WebP: recognized, not decoded.</summary>
    WebP,

    /// <summary>AVIF: recognized, not decoded.</summary>
    Avif,

    /// <summary>HEIC: recognized, not decoded.</summary>
    Heic,

    /// <summary>TIFF: recognized, not decoded.</summary>
    Tiff,

    /// <summary>JPEG 2000: recognized, not decoded.</summary>
    Jpeg2000,

    /// <summary>JPEG XL: recognized, not decoded.</summary>
    JpegXl,
}

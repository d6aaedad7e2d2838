namespace MLClassify.Imaging;

/// <summary>A picture format, told from the first bytes of a file.</summary>
public enum ImageFormat
{
    /// <summary>JPEG (ITU-T T.81).</summary>
    Jpeg,

    /// <summary>PNG (W3C, third edition).</summary>
    Png,

    /// <summary>Windows bitmap.</summary>
    Bmp,

    /// <summary>GIF 87a or 89a.</summary>
    Gif,

    /// <summary>WebP: recognised, not decoded.</summary>
    WebP,

    /// <summary>AVIF: recognised, not decoded.</summary>
    Avif,

    /// <summary>HEIC: recognised, not decoded.</summary>
    Heic,

    /// <summary>TIFF: recognised, not decoded.</summary>
    Tiff,

    /// <summary>JPEG 2000: recognised, not decoded.</summary>
    Jpeg2000,

    /// <summary>JPEG XL: recognised, not decoded.</summary>
    JpegXl,
}

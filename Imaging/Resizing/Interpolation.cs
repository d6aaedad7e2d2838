namespace MLClassify.Imaging.Resizing;

/// <summary>How a resized pixel is made from its neighbors.</summary>
public enum Interpolation
{
    /// <summary>The nearest pixel's value.</summary>
    Nearest,

    /// <summary>A triangle filter, widened by the ratio when shrinking (antialiased), as Pillow's <c>BILINEAR</c>.</summary>
    Bilinear,

    /// <summary>
    /// Keys' cubic convolution with a = -0.5, widened by the ratio when shrinking (antialiased), as Pillow's <c>BICUBIC</c>.
    /// </summary>
    Bicubic,
}

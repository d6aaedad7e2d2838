namespace MLClassify;

/// <summary>How an image is brought to size before the crop.</summary>
public enum ResizeRule
{
    /// <summary>
    /// The shorter side gets the given length, the other follows in proportion (truncated, as torchvision's <c>Resize</c> does).
    /// </summary>
    ShortSide,

    /// <summary>Both sides get the given length; proportions are not kept.</summary>
    Stretch,

    /// <summary>The image stays as it is. Where it is smaller than the crop it is padded with black.</summary>
    None,

    /// <summary>
    /// The longer side gets the given length, the other follows in proportion; borders of the mean color make it a square (letterbox).
    /// </summary>
    Pad,
}

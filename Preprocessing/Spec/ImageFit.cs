namespace MLClassify;

/// <summary>How images of any proportions become the network's square.</summary>
public enum ImageFit
{
    /// <summary>The central square is seen; what lies outside it is not.</summary>
    Crop,

    /// <summary>The whole image is seen, its sides brought to the same length: proportions are not kept.</summary>
    Squash,

    /// <summary>The whole image is seen in its proportions, between borders of the mean color (letterbox).</summary>
    Pad,
}

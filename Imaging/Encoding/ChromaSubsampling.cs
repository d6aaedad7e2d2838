namespace MLClassify.Imaging.Encoding;

/// <summary>How finely a JPEG file keeps color beside brightness.</summary>
public enum ChromaSubsampling
{
    /// <summary>4:4:4: a color sample for each pixel. Right for plots and drawings.</summary>
    Ratio444,

    /// <summary>4:2:0: a color sample for each 2 x 2 pixels. Usual for photos.</summary>
    Ratio420,
}

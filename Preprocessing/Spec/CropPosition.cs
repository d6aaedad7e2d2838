namespace MLClassify;

/// <summary>Where the crop is taken from the resized picture.</summary>
public enum CropPosition
{
    /// <summary>The middle.</summary>
    Center,

    /// <summary>The upper left corner.</summary>
    TopLeft,

    /// <summary>The upper right corner.</summary>
    TopRight,

    /// <summary>The lower left corner.</summary>
    BottomLeft,

    /// <summary>The lower right corner.</summary>
    BottomRight,
}

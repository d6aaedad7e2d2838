namespace MLClassify;

/// <summary>What a folder must hold to be accepted.</summary>
public sealed class ImageFolderOptions
{
    /// <summary>Fewest classes with pictures. Default 2, as a classifier needs; 1 suffices to evaluate or to predict. At least 1.</summary>
    public int MinimumClasses { get; init; } = 2;
}

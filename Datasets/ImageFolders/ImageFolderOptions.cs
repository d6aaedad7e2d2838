namespace MLClassify;

/// <summary>What a folder must hold to be accepted.</summary>
public sealed class ImageFolderOptions
{
    /// <summary>Fewest classes with images. Default 2, as a classifier needs; 1 suffices to evaluate or to predict. At least 1.</summary>
    public int MinimumClasses { get; init; } = 2;

    /// <summary>Which folders are the classes where they lie in each other. Default <see cref="ClassLevel.Top"/>.</summary>
    public ClassLevel Classes { get; init; } = ClassLevel.Top;
}

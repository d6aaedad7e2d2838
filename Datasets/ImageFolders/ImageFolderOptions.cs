namespace MLClassify;

/// <summary>What a folder must hold to be accepted.</summary>
public sealed class ImageFolderOptions
{
    /// <summary>Fewest classes with images. Default 2, as a classifier needs; 1 suffices to evaluate or to predict. At least 1.</summary>
    public int MinimumClasses { get; init; } = 2;

    /// <summary>Which folders are the classes where they lie in each other. Default <see cref="ClassLevel.Top"/>.</summary>
    public ClassLevel Classes { get; init; } = ClassLevel.Top;

    /// <summary>
    /// A file that lists the images, in place of the folder's layout: values separated by commas, semicolons or tabs under a header with the
    /// column <c>path</c> and one or more of <c>label</c>, <c>group</c> and <c>split</c> (train, val or test; empty is train). Paths are relative
    /// to the folder or to the file. Without labels the folder's classes are taken; images that are not listed are left out. Default null: none.
    /// </summary>
    public string? Labels { get; init; }
}

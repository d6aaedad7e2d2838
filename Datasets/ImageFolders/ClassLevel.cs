namespace MLClassify;

/// <summary>Which folders are the classes where folders lie in each other, such as <c>plant/daisy</c> and <c>vehicle/car</c>.</summary>
public enum ClassLevel
{
    /// <summary>The outermost: <c>plant</c> and <c>vehicle</c>, each with the images of all its subfolders.</summary>
    Top,

    /// <summary>Those in which images lie, by their own names: <c>daisy</c> and <c>car</c>. Folders of the same name are one class.</summary>
    Leaf,

    /// <summary>Those in which images lie, by their paths: <c>plant/daisy</c> and <c>vehicle/car</c>.</summary>
    Path,
}

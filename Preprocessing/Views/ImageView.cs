using MLClassify.Imaging.Resizing;

namespace MLClassify.Preprocessing;

/// <summary>
/// A view of an image: the region that a network sees, and whether it is mirrored. The default is what the spec says: center crop, not mirrored.
/// </summary>
public readonly record struct ImageView
{
    /// <summary>
    /// The part that is resized to the network's input, in place of the spec's resizing and cropping; null keeps the spec's. With
    /// <see cref="ResizeRule.Pad"/> it keeps its proportions between borders.
    /// </summary>
    public PixelRectangle? Region { get; init; }

    /// <summary>
    /// Where the spec's crop is taken; without effect when <see cref="Region"/> is given.
    /// </summary>
    public CropPosition Position { get; init; }

    /// <summary>
    /// Where the spec's crop is taken, at any pixel, in place of <see cref="Position"/>; without effect when <see cref="Region"/> is given.
    /// </summary>
    internal CropOffset? Offset { get; init; }

    /// <summary>Whether left and right are mirrored.</summary>
    public bool FlipHorizontally { get; init; }

    /// <summary>The center crop alone.</summary>
    public static IReadOnlyList<ImageView> Single { get; } = [default];

    /// <summary>The center crop and its mirror image.</summary>
    public static IReadOnlyList<ImageView> FlipPair { get; } = [default, new ImageView { FlipHorizontally = true }];

    /// <summary>Center and corners, each also mirrored (Krizhevsky et al., 2012, section 4.1).</summary>
    public static IReadOnlyList<ImageView> TenCrop { get; } =
    [
        .. from flip in new[] { false, true }
           from position in Enum.GetValues<CropPosition>()
           select new ImageView { Position = position, FlipHorizontally = flip },
    ];

    /// <summary>The views that a choice stands for, at least one.</summary>
    /// <param name="views">The choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">The choice is not a defined one.</exception>
    public static IReadOnlyList<ImageView> For(TestTimeViews views) => views switch
    {
        TestTimeViews.None => Single,
        TestTimeViews.Flip => FlipPair,
        TestTimeViews.TenCrop => TenCrop,
        _ => throw new ArgumentOutOfRangeException(nameof(views), views, "Expected none, flip or ten-crop."),
    };
}

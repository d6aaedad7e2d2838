using MLClassify.Preprocessing;

namespace MLClassify;

/// <summary>
/// The views of an image that a trained network is shown. With several, its probabilities (softmax) are averaged over them, each view
/// counting the same; prediction, loss and every measure then come from the averages.
/// </summary>
public enum TestTimeViews
{
    /// <summary>The center crop alone: what the preprocessing spec says.</summary>
    None,

    /// <summary>The center crop and its mirror image (<see cref="ImageView.FlipPair"/>): twice the time.</summary>
    Flip,

    /// <summary>
    /// Center and corners, each also mirrored (<see cref="ImageView.TenCrop"/>; Krizhevsky et al., 2012, section 4.1): ten times the time.
    /// </summary>
    TenCrop,
}

using MLClassify.Preprocessing;

namespace MLClassify;

/// <summary>
/// The views of a picture that a trained network is shown. With several, its probabilities (softmax) are averaged over them, each view
/// counting the same; prediction, loss and every measure then come from the averages.
/// </summary>
public enum TestTimeViews
{
    /// <summary>The centre crop alone: what the preprocessing spec says.</summary>
    None,

    /// <summary>The centre crop and its mirror image (<see cref="PictureView.FlipPair"/>): twice the time.</summary>
    Flip,

    /// <summary>
    /// Centre and corners, each also mirrored (<see cref="PictureView.TenCrop"/>; Krizhevsky et al., 2012, section 4.1): ten times the time.
    /// </summary>
    TenCrop,
}

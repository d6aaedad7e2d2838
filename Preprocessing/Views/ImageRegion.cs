using MLClassify.Imaging;
using MLClassify.Imaging.Resizing;

namespace MLClassify.Preprocessing;

/// <summary>
/// The rectangle of an image that a network's input shows, in the image's pixels, fractions included. Where the input has a border of
/// black around an image that is smaller, the rectangle reaches beyond the image.
/// </summary>
/// <param name="X">The left edge, from 0 at the image's left.</param>
/// <param name="Y">The upper edge, from 0 at the image's top.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
public readonly record struct ImageRegion(double X, double Y, double Width, double Height)
{
    /// <summary>The region of an image that a network sees without augmentation.</summary>
    /// <param name="image">The image, upright.</param>
    /// <param name="spec">How it becomes the network's input.</param>
    internal static ImageRegion SeenBy(PreprocessingSpec spec, Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(spec);
        ResizeRequest request = ViewGeometry.Request(image, spec, default);
        double scaleX = (double)image.Width / request.Width;
        double scaleY = (double)image.Height / request.Height;
        int borderX = (spec.CropSize - request.WindowWidth) / 2;
        int borderY = (spec.CropSize - request.WindowHeight) / 2;
        return new ImageRegion(
            (request.Left - borderX) * scaleX, (request.Top - borderY) * scaleY, spec.CropSize * scaleX, spec.CropSize * scaleY);
    }
}

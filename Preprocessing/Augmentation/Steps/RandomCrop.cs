using MLClassify.Common;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>
/// The spec's crop at a random place of the image that the spec's resize rule gives, every place equally likely (Krizhevsky et al.,
/// "ImageNet classification with deep convolutional neural networks", 2012, section 4.1: short side 256, random 227). Where the resized
/// image is no larger than the crop, as a square one is when both sizes are the same, nothing is random. Of several crops in a
/// policy the last one counts.
/// </summary>
public sealed record RandomCrop : IGeometricAugmentation
{
    /// <inheritdoc/>
    public ImageView Apply(ImageView view, int width, int height, ref CounterRandom random)
    {
        double x = random.NextDouble();
        return view with { Region = null, Offset = new CropOffset(x, random.NextDouble()) };
    }
}

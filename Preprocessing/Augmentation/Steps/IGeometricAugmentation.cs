using MLClassify.Common;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>A random choice of what part of the image is seen. It happens before resizing, so it costs nothing by itself.</summary>
public interface IGeometricAugmentation
{
    /// <summary>Changes the view. Stateless: called by several threads at once.</summary>
    /// <param name="view">The view so far.</param>
    /// <param name="width">The image's width in pixels; where the image is squashed or padded as a whole, the longer side's length.</param>
    /// <param name="height">The image's height in pixels; where the image is squashed or padded as a whole, the longer side's length.</param>
    /// <param name="random">The random generator.</param>
    ImageView Apply(ImageView view, int width, int height, ref CounterRandom random);
}

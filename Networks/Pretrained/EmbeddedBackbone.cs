using MLClassify.Networks.Weights;

namespace MLClassify.Networks.Pretrained;

/// <summary>A pretrained network inside this library, for work without a network connection.</summary>
/// <param name="Network">Its name in the registry.</param>
/// <param name="Open">Opens its weights, head or no head.</param>
/// <param name="ResizeSize">The short side, in pixels, that pictures are brought to before 224 x 224 are cut from their centre.</param>
public sealed record EmbeddedBackbone(string Network, Func<IWeightFile> Open, int ResizeSize = 256)
{
    /// <summary>The embedded network; null while there is none.</summary>
    public static EmbeddedBackbone? Current => null;
}

using MLClassify.Networks.Weights;

namespace MLClassify.Networks.Pretrained;

/// <summary>A pretrained network inside this library, for work without a network connection.</summary>
/// <param name="Network">Its name in the registry.</param>
/// <param name="Open">Opens its weights, head or no head.</param>
public sealed record EmbeddedBackbone(string Network, Func<IWeightFile> Open)
{
    /// <summary>The embedded network; null while there is none.</summary>
    public static EmbeddedBackbone? Current => null;
}

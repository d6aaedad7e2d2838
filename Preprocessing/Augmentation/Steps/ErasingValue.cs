using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>What <see cref="RandomErasing"/> puts into its rectangle.</summary>
public enum ErasingValue
{
    /// <summary>The mean color of ImageNet's training images, (124, 116, 104): about 0 after the usual normalization.</summary>
    Mean,

    /// <summary>Black.</summary>
    Black,

    /// <summary>Noise: every byte equally likely, independent of its neighbors. The paper's best variant.</summary>
    Noise,
}

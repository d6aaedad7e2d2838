namespace MLClassify.Preprocessing.Augmentation;

/// <summary>What <see cref="RandomErasing"/> puts into its rectangle.</summary>
public enum ErasingValue
{
    /// <summary>The mean colour of ImageNet's training pictures, (124, 116, 104): about 0 after the usual normalisation.</summary>
    Mean,

    /// <summary>Black.</summary>
    Black,

    /// <summary>Noise: every byte equally likely, independent of its neighbours. The paper's best variant.</summary>
    Noise,
}

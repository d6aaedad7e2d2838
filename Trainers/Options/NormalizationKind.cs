namespace MLClassify;

/// <summary>What is subtracted from and divided into pixels after they were brought to 0..1.</summary>
public enum NormalizationKind
{
    /// <summary>The mean and the standard deviation of ImageNet's channels, which torchvision's weights expect.</summary>
    ImageNet,

    /// <summary>0.5 and 0.5: values in -1..1.</summary>
    Half,

    /// <summary>0 and 1: values in 0..1.</summary>
    None,
}

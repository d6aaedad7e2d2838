namespace MLClassify.Preprocessing.Augmentation;

/// <summary>What lies where a moved or turned image leaves the frame empty.</summary>
public enum FillColor
{
    /// <summary>The mean color of ImageNet's training images, (124, 116, 104): about 0 after the usual normalization.</summary>
    Mean,

    /// <summary>Black, as torchvision fills.</summary>
    Black,
}

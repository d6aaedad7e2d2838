namespace MLClassify.Preprocessing.Augmentation;

/// <summary>How the pixels that a moved or rotated image leaves empty are filled.</summary>
public enum FillColor
{
    /// <summary>The mean color of ImageNet's training images, (124, 116, 104): about 0 after the usual normalization.</summary>
    Mean,

    /// <summary>Black, as torchvision fills.</summary>
    Black,
}

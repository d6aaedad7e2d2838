namespace MLClassify.Preprocessing.Augmentation;

/// <summary>What lies where a moved or turned picture leaves the frame empty.</summary>
public enum FillColor
{
    /// <summary>The mean colour of ImageNet's training pictures, (124, 116, 104): about 0 after the usual normalisation.</summary>
    Mean,

    /// <summary>Black, as torchvision fills.</summary>
    Black,
}

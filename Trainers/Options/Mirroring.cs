namespace MLClassify;

/// <summary>Whether training mirrors images left to right where its augmentation does.</summary>
public enum Mirroring
{
    /// <summary>As the augmentation says.</summary>
    On,

    /// <summary>Never: the augmentation's other steps remain.</summary>
    Off,

    /// <summary>
    /// Measured on training images before training: where mirrored ones are taken for another class, as those of arrows, digits and text are,
    /// there is none.
    /// </summary>
    Measured,
}

namespace MLClassify.Trainers;

/// <summary>How training pictures are varied.</summary>
public enum AugmentationKind
{
    /// <summary>Not at all: the centre crop, as for validation.</summary>
    None,

    /// <summary>The centre crop, mirrored half of the time.</summary>
    Flip,

    /// <summary>A random part of the picture, scaled to the target size, mirrored half of the time.</summary>
    Standard,
}

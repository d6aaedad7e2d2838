namespace MLClassify.Datasets;

/// <summary>A distinctive place of an image, and what is around it.</summary>
/// <param name="X">Its column in the thumbnail.</param>
/// <param name="Y">Its row in the thumbnail.</param>
/// <param name="Scale">The size of the level that it was found on, relative to the thumbnail's.</param>
/// <param name="Bits">Which of two places near it is lighter, for 64 pairs.</param>
internal readonly record struct Keypoint(float X, float Y, float Scale, ulong Bits);

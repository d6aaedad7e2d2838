namespace MLClassify.Imaging;

/// <summary>What a decoder may spend and whether it turns the image upright.</summary>
public sealed class DecodeOptions
{
    /// <summary>The defaults.</summary>
    public static DecodeOptions Default { get; } = new();

    /// <summary>Largest accepted width times height, checked before anything is allocated. Default 100,000,000; at least 1.</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>Whether the EXIF orientation is applied, so that the image stands as the camera's owner sees it. Default true.</summary>
    public bool ApplyOrientation { get; init; } = true;

    /// <summary>Whether the pixels' memory may be lent by a pool, so that the caller has to call <see cref="Image.Return"/>. Default false.</summary>
    internal bool LendsPixels { get; init; }
}

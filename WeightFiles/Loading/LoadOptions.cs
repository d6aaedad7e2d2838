namespace MLClassify.WeightFiles;

/// <summary>What a weight file may lack.</summary>
internal sealed record LoadOptions
{
    /// <summary>
    /// Whether a file that does not fit is refused, before anything is changed. Default true; otherwise what fits is loaded and the
    /// report says what did not.
    /// </summary>
    public bool Strict { get; init; } = true;

    /// <summary>
    /// Whether the head may be missing, be named otherwise, or have another number of classes, as for fine-tuning. The backbone must be
    /// complete even then. Default false.
    /// </summary>
    public bool AllowHeadMismatch { get; init; }
}

namespace MLClassify.Evaluation;

/// <summary>The names of the verdicts about curves.</summary>
internal static class CurveVerdicts
{
    /// <summary>Too few epochs to tell a trend from noise.</summary>
    public const string TooFewEpochs = "too_few_epochs";

    /// <summary>A loss became NaN or infinite.</summary>
    public const string NotFinite = "not_finite";

    /// <summary>Training and validation loss fell together.</summary>
    public const string BothFalling = "both_falling";

    /// <summary>The training loss fell; there is no validation loss.</summary>
    public const string NoValidation = "no_validation";

    /// <summary>The validation loss rises after its lowest point while the training loss does not.</summary>
    public const string OverFitting = "over_fitting";

    /// <summary>The training loss fell and the validation loss did not follow.</summary>
    public const string NotGeneralizing = "not_generalising";

    /// <summary>Neither loss moved.</summary>
    public const string BothFlat = "both_flat";

    /// <summary>The training loss was near zero from the first epoch on.</summary>
    public const string NothingToLearn = "nothing_to_learn";

    /// <summary>Both losses rise.</summary>
    public const string BothRising = "both_rising";

    /// <summary>A loss jumps up and down from epoch to epoch.</summary>
    public const string Shaking = "shaking";

    /// <summary>The validation loss was still falling when training ended.</summary>
    public const string StillFalling = "still_falling";

    /// <summary>The losses have leveled off at the end.</summary>
    public const string LeveledOff = "levelled_off";

    /// <summary>No pattern stands out from the noise.</summary>
    public const string Unclear = "unclear";
}

namespace MLClassify.Evaluation;

/// <summary>The names of the verdicts about results.</summary>
internal static class ResultVerdicts
{
    /// <summary>Clearly better than guessing, and nothing else is wrong.</summary>
    public const string AboveGuessing = "above_guessing";

    /// <summary>Not to be told from always giving the same answer.</summary>
    public const string NearGuessing = "near_guessing";

    /// <summary>Neither training images nor others are recognized well.</summary>
    public const string UnderFitting = "under_fitting";

    /// <summary>Training images are recognized far better than held-out ones.</summary>
    public const string Gap = "gap";

    /// <summary>Classes that have images and that no image is taken for.</summary>
    public const string NeverPredicted = "never_predicted";

    /// <summary>Classes of which most images are missed.</summary>
    public const string MissedClasses = "missed_classes";

    /// <summary>Images that the model was trained on are among those measured.</summary>
    public const string SeenImages = "seen_images";

    /// <summary>The test images and those held out give figures that do not fit together.</summary>
    public const string PartsDiffer = "parts_differ";

    /// <summary>Classes of which next to nothing was measured.</summary>
    public const string FewOfAClass = "few_of_a_class";

    /// <summary>Too few images to know the accuracy well.</summary>
    public const string FewImages = "few_images";

    /// <summary>The head alone did at least as well as the whole network after it.</summary>
    public const string HeadWasBetter = "head_was_better";
}

using MLClassify.Trainers;

namespace MLClassify;

/// <summary>What is against overfitting, beside augmentation, weight decay and dropout. Part of <see cref="FineTuneOptions"/>.</summary>
public sealed record RegularizationOptions
{
    private const string Group = nameof(FineTuneOptions.Regularization);

    /// <summary>
    /// Mixup's alpha (Zhang et al. 2018, arXiv:1710.09412): images of a batch are blended in pairs, with a share from Beta(alpha,
    /// alpha), and their targets likewise. Default 0: none; at least 0, at most 100.
    /// </summary>
    public double Mixup { get; init; }

    /// <summary>
    /// CutMix's alpha (Yun et al. 2019, arXiv:1905.04899): images of a batch exchange a rectangle in pairs. With mixup, each batch has
    /// one of the two. Default 0: none; at least 0, at most 100; without effect where the head alone is trained.
    /// </summary>
    public double CutMix { get; init; }

    /// <summary>The share of the target spread evenly over all classes (Szegedy et al. 2016, arXiv:1512.00567, section 7). Default 0; in [0, 1).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    internal void Validate()
    {
        OptionRange.Check($"{Group}.{nameof(Mixup)}", Mixup, 0, 100);
        OptionRange.Check($"{Group}.{nameof(CutMix)}", CutMix, 0, 100);
        OptionRange.Check($"{Group}.{nameof(LabelSmoothing)}", LabelSmoothing, 0, 1, belowEnd: true);
    }
}

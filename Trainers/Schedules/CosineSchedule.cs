using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>
/// Half a cosine from the full rate towards <see cref="Floor"/>, without restarts (Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5);
/// PyTorch's <c>CosineAnnealingLR</c> with <c>T_max</c> the total of steps.
/// </summary>
internal sealed record CosineSchedule : LearningRateSchedule
{
    /// <summary>The factor one step after the last. Default 0; in [0, 1].</summary>
    public double Floor { get; init; }

    /// <inheritdoc/>
    protected override StepSettings Compute(long step, long totalSteps) => new(Anneal(1, Floor, (double)step / totalSteps));
}

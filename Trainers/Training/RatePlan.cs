using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>The learning rate of every step of a stage.</summary>
internal interface IRatePlan
{
    /// <summary>What a step uses.</summary>
    /// <param name="epoch">The epoch, counted from 0.</param>
    /// <param name="updates">The optimizer's steps in this epoch so far.</param>
    /// <param name="learningRate">The head's learning rate, for reports.</param>
    StepSettings At(int epoch, int updates, out double learningRate);
}

/// <summary>A schedule over a stage, and a reduction where validation stands still.</summary>
/// <param name="stage">The stage.</param>
/// <param name="schedule">The schedule over the stage's steps.</param>
/// <param name="learningRate">The head's learning rate where the schedule's factor is 1.</param>
/// <param name="updatesPerEpoch">Steps of the optimizer in an epoch.</param>
/// <param name="plateau">The rate's dependence on validation; none when null.</param>
/// <param name="history">The epochs of the run so far.</param>
internal sealed class ScheduledRates(
    TrainingStage stage, LearningRateSchedule schedule, double learningRate, int updatesPerEpoch, PlateauRule? plateau, IReadOnlyList<EpochResult> history) : IRatePlan
{
    private int _factorEpoch = -1;
    private double _factor = 1;

    /// <summary>Whether the rate was reduced as often as it may be.</summary>
    public bool IsOver => plateau?.IsOver(OfStage) == true;

    private IReadOnlyList<EpochResult> OfStage => [.. history.Where(e => e.Epoch > stage.First)];

    public StepSettings At(int epoch, int updates, out double rate)
    {
        if (plateau is not null && epoch != _factorEpoch)
        {
            (_factorEpoch, _factor) = (epoch, plateau.Factor(OfStage));
        }

        StepSettings point = schedule.At(((long)(epoch - stage.First) * updatesPerEpoch) + updates, (long)stage.Epochs * updatesPerEpoch);
        rate = learningRate * point.RateFactor * _factor;
        return point with { RateFactor = point.RateFactor * _factor };
    }
}

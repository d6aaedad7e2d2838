using Microsoft.ML.Trainers;
using MLClassify.Engines;
using MLClassify.Trainers;

namespace MLClassify.MLNet.Vision;

/// <summary>A schedule of ML.NET's.</summary>
/// <param name="Scheduler">It.</param>
/// <param name="Options">The batch size, the epochs, and the rate that a factor of 1 stands for.</param>
internal sealed record GivenSchedule(LearningRateScheduler Scheduler, FineTuneOptions Options) : LearningRateSchedule
{
    protected override StepSettings Compute(long step, long totalSteps)
    {
        int perEpoch = (int)Math.Max(1, totalSteps / Options.Epochs.GetValueOrDefault(1));
        float rate = Scheduler.GetLearningRate(new DnnTrainState
        {
            CurrentEpoch = (int)(step / perEpoch),
            CurrentBatchIndex = (int)(step % perEpoch),
            BatchSize = Options.BatchSize,
            BatchesPerEpoch = perEpoch,
        });
        return new StepSettings(rate / Options.LearningRate.GetValueOrDefault(1));
    }
}

using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>An epoch's training so far: counts, divided once when asked for.</summary>
/// <param name="Samples">Samples seen.</param>
/// <param name="LossSum">The sum of their losses.</param>
/// <param name="Correct">How many were recognized.</param>
/// <param name="LearningRate">The head's learning rate at the last step.</param>
internal readonly record struct EpochTotals(long Samples, double LossSum, long Correct, double LearningRate)
{
    public double Loss => Samples == 0 ? double.NaN : LossSum / Samples;

    public double Accuracy => Samples == 0 ? double.NaN : (double)Correct / Samples;

    public EpochTotals Add(StepMetrics step, double learningRate) =>
        new(Samples + step.Samples, LossSum + step.LossSum, Correct + step.Correct, learningRate);
}

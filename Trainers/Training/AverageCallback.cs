using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>Updates an average of the weights after every step.</summary>
/// <param name="average">The average; not disposed here.</param>
internal sealed class AverageCallback(WeightAverage average) : TrainingCallback
{
    public override bool OnStep(StepMetrics metrics, double learningRate)
    {
        if (metrics.NonFinite is null)
        {
            average.Add();
        }

        return true;
    }
}

namespace MLClassify.Trainers;

/// <summary>Updates an average of the weights after every step.</summary>
/// <param name="average">The average; not disposed here.</param>
internal sealed class AverageCallback(WeightAverage average) : TrainingCallback
{
    public override void OnUpdate() => average.Add();
}

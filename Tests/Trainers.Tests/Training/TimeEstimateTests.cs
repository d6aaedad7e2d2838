namespace MLClassify.Trainers.Tests.Training;

public sealed class TimeEstimateTests
{
    [Fact]
    public void Remaining_NothingMeasured_IsUnknown()
    {
        var estimate = new TimeEstimate();
        estimate.Plan(TrainingPhase.Training, 100);
        Assert.Null(estimate.Remaining());
    }

    [Fact]
    public void Remaining_TrainingMeasured_CountsValidationAsAThird()
    {
        var estimate = new TimeEstimate();
        estimate.Plan(TrainingPhase.Training, 100);
        estimate.Plan(TrainingPhase.Evaluating, 30);
        estimate.Add(TrainingPhase.Training, 10, TimeSpan.FromSeconds(3));

        // 90 images at 0.3 s, 30 at 0.1 s.
        Assert.Equal(30, estimate.Remaining()!.Value.TotalSeconds, 1e-6);
    }

    [Fact]
    public void Remaining_BothMeasured_TakesEachRate()
    {
        var estimate = new TimeEstimate();
        estimate.Plan(TrainingPhase.Training, 100);
        estimate.Plan(TrainingPhase.Evaluating, 30);
        estimate.Add(TrainingPhase.Training, 50, TimeSpan.FromSeconds(5));
        estimate.Add(TrainingPhase.Evaluating, 10, TimeSpan.FromSeconds(2));
        Assert.Equal(5 + 4, estimate.Remaining()!.Value.TotalSeconds, 1e-6);
        Assert.Equal(10, estimate.Rate(TrainingPhase.Training), 1e-9);
    }
}

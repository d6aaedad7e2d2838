namespace MLClassify.Trainers.Tests.Schedules;

public class WarmupScheduleTests
{
    [Fact]
    public void At_Warmup_RisesToTheOtherSchedulesFirstRateAndThenIsIt()
    {
        var schedule = new WarmupSchedule { Then = new CosineSchedule(), Steps = 4 };
        Assert.Equal([0.25, 0.5, 0.75, 1], Enumerable.Range(0, 4).Select(s => schedule.At(s, 10).RateFactor));
        Assert.Equal(Enumerable.Range(0, 6).Select(s => new CosineSchedule().At(s, 6)), Enumerable.Range(4, 6).Select(s => schedule.At(s, 10)));
    }

    [Fact]
    public void At_RunShorterThanTheWarmup_IsAllRise()
    {
        var schedule = new WarmupSchedule { Then = new ConstantSchedule(), Steps = 8 };
        Assert.Equal([0.125, 0.25, 0.375], Enumerable.Range(0, 3).Select(s => schedule.At(s, 3).RateFactor));
    }

    // Ten steps an epoch: epochs 1-2 the head alone, half an epoch of rise, drops after epochs 4 and 5 of the whole run.
    [Fact]
    public void Create_StepEpochsWithFrozenEpochsAndWarmup_DropsAfterTheRunsEpochs()
    {
        var options = new FineTuneOptions { Schedule = new() { Kind = ScheduleKind.Step, StepEpochs = [4, 5], WarmupEpochs = 0.5 }, Epochs = 6, Freezing = new() { Epochs = 2 } };
        LearningRateSchedule schedule = LearningRateSchedule.Create(options, epochs: 4, stepsPerEpoch: 10);
        Assert.Equal([0.2, 1, 1, 0.1, 0.1, 0.01, 0.01], new[] { 0, 5, 19, 20, 29, 30, 39 }.Select(s => Math.Round(schedule.At(s, 40).RateFactor, 12)));
    }
}

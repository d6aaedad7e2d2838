using MLClassify.Engines;

namespace MLClassify.Trainers.Tests.Schedules;

public sealed class LearningRateScheduleTests
{
    // PyTorch computes its cosine schedule step from step, which rounds once a step.
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData("cosine")]
    [InlineData("onecycle")]
    [InlineData("step")]
    public void At_EveryStep_IsPyTorchs(string name)
    {
        LearningRateSchedule schedule = name switch
        {
            "cosine" => new CosineSchedule(),
            "onecycle" => new OneCycleSchedule { CycleMomentum = true },
            _ => new StepSchedule { Every = 3 },
        };
        string[][] rows = [.. GoldenFile.Rows("schedules.txt").Where(r => r[0] == name)];
        Assert.NotEmpty(rows);
        foreach (string[] row in rows)
        {
            StepSettings point = schedule.At(long.Parse(row[1]), long.Parse(row[2]));
            Assert.Equal(GoldenFile.Number(row[3]), point.RateFactor, Tolerance);
            Assert.Equal(row[4] == "-", point.Momentum is null);
            if (point.Momentum is { } momentum)
            {
                Assert.Equal(GoldenFile.Number(row[4]), momentum, Tolerance);
            }
        }
    }

    [Fact]
    public void At_Constant_IsOne() => Assert.All([0L, 5, 9], step => Assert.Equal(1, new ConstantSchedule().At(step, 10).RateFactor));

    [Fact]
    public void At_OneCycleWithoutCyclingMomentum_LeavesMomentum() => Assert.Null(new OneCycleSchedule().At(3, 10).Momentum);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void At_VeryShortRuns_StaysInRange(int total)
    {
        for (int step = 0; step < total; step++)
        {
            Assert.InRange(new OneCycleSchedule().At(step, total).RateFactor, 0, 1);
            Assert.InRange(new CosineSchedule().At(step, total).RateFactor, 0, 1);
        }
    }

    [Fact]
    public void At_BeyondTheEnd_StaysAtTheLastStep()
    {
        var schedule = new CosineSchedule();
        Assert.Equal(schedule.At(9, 10), schedule.At(12, 10));
    }

    [Fact]
    public void At_BadNumbers_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule().At(-1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule().At(0, 0));
    }

    [Theory]
    [InlineData(9, 3)]
    [InlineData(10, 4)]
    [InlineData(1, 1)]
    public void Create_Step_DropsAfterEachThird(int epochs, int firstEpochOfDrop)
    {
        LearningRateSchedule schedule = LearningRateSchedule.Create(new FineTuneOptions { Schedule = new() { Kind = ScheduleKind.Step } }, epochs, stepsPerEpoch: 7);
        Assert.Equal(1, schedule.At((firstEpochOfDrop * 7) - 1, 1000).RateFactor);
        Assert.Equal(0.1, schedule.At(firstEpochOfDrop * 7, 1000).RateFactor, 1e-15);
    }
}

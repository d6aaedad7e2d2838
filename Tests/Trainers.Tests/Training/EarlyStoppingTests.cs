namespace MLClassify.Trainers.Tests.Training;

public sealed class EarlyStoppingTests
{
    [Fact]
    public void ShouldStop_PatienceOver_Stops()
    {
        var stopping = new EarlyStopping(2);
        bool[] improved = [true, false, true, false, false];
        Assert.Equal([false, false, false, false, true], improved.Select(stopping.ShouldStop));
    }

    [Fact]
    public void ShouldStop_NoPatience_NeverStops()
    {
        var stopping = new EarlyStopping(0);
        Assert.DoesNotContain(true, Enumerable.Repeat(false, 100).Select(stopping.ShouldStop));
    }
}

namespace MLClassify.MLNet.Tests;

public sealed class SlotJobTests
{
    [Fact]
    public void Finish_NeverStarted_DoesEverySlotOnce()
    {
        int[] done = new int[40];
        var job = new SlotJob(slot => done[slot]++, done.Length);

        job.Finish();
        job.Finish();

        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Fact]
    public void Finish_Started_DoesEverySlotOnce()
    {
        int[] done = new int[1000];
        var job = new SlotJob(slot => Interlocked.Increment(ref done[slot]), done.Length);

        job.Start();
        job.Finish();

        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Fact]
    public void Stop_WhileASlotIsWorkedOn_WaitsForItAndLeavesOutTheRest()
    {
        using var begun = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        int done = 0;
        var job = new SlotJob(
            _ =>
            {
                begun.Set();
                Assert.True(mayEnd.Wait(Waiting.Limit));
                Interlocked.Increment(ref done);
            },
            100);
        var worker = new Thread(job.Execute);
        worker.Start();
        Assert.True(begun.Wait(Waiting.Limit));

        var stopping = new Thread(job.Stop);
        stopping.Start();
        Assert.True(SpinWait.SpinUntil(() => stopping.ThreadState == ThreadState.WaitSleepJoin, Waiting.Limit));
        Assert.Equal(0, Volatile.Read(ref done));
        mayEnd.Set();

        Assert.True(stopping.Join(Waiting.Limit));
        Assert.True(worker.Join(Waiting.Limit));
        Assert.Equal(1, done);
    }
}

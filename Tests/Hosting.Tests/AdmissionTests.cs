using MLClassify.Hosting.Batching;

namespace MLClassify.Hosting.Tests;

public class AdmissionTests
{
    [Fact]
    public void Enter_AtTheLimit_IsRefusedUntilOneLeaves()
    {
        var admission = new Admission(2);
        admission.Enter();
        admission.Enter();

        Assert.Contains("2 images", Assert.Throws<ServerBusyException>(admission.Enter).Message);
        Assert.Equal(2, admission.Count);
        admission.Leave();
        admission.Enter();
    }

    [Fact]
    public async Task CloseAsync_SomeInside_EndsWhenTheyHaveLeft()
    {
        var admission = new Admission(2);
        admission.Enter();

        Task closed = admission.CloseAsync();

        Assert.False(closed.IsCompleted);
        Assert.Throws<ServerBusyException>(admission.Enter);
        admission.Leave();
        await closed.OrHang();
        await admission.CloseAsync();
    }
}

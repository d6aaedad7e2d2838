using System.IO.Pipelines;
using System.Numerics;
using Microsoft.Extensions.Time.Testing;
using MLClassify.AspNetCore.Http;
using MLClassify.Hosting;
using MLClassify.Hosting.Batching;

namespace MLClassify.AspNetCore.Tests.Http;

public class UploadTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    // Stands still unless a test advances it.
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(16_384, 16_384)]
    [InlineData(16_385, 20_000)]
    [InlineData(100_000, 100_000)]
    public async Task ReadAsync_WithinTheLimit_GivesTheBytesAndGivesTheMemoryBack(int length, int limit)
    {
        byte[] bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        var budget = new UploadBudget(1 << 20);

        using (Upload upload = await Upload.ReadAsync(new MemoryStream(bytes), limit, Timeout, _time, budget, CancellationToken.None))
        {
            Assert.Equal(bytes, upload.Bytes.ToArray());
            Assert.InRange(budget.Used, length, BitOperations.RoundUpToPowerOf2((uint)limit));
        }

        Assert.Equal(0, budget.Used);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(100_001, 100_000)]
    public async Task ReadAsync_OverTheLimit_IsRefusedAndGivesTheMemoryBack(int length, int limit)
    {
        var budget = new UploadBudget(1 << 20);

        RequestException error = await Assert.ThrowsAsync<RequestException>(
            () => Upload.ReadAsync(new MemoryStream(new byte[length]), limit, Timeout, _time, budget, CancellationToken.None));

        Assert.Equal((413, Failure.TooLarge), (error.Failure.Status, error.Failure.Reason));
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task ReadAsync_BudgetSpent_IsBusyAndGivesTheMemoryBack()
    {
        var budget = new UploadBudget(100_000);
        budget.Take(50_000);

        await Assert.ThrowsAsync<ServerBusyException>(() => Upload.ReadAsync(new MemoryStream(new byte[90_000]), 90_000, Timeout, _time, budget, CancellationToken.None));

        Assert.Equal(50_000, budget.Used);
    }

    [Fact]
    public async Task ReadAsync_StreamThatStalls_IsRefusedAndGivesTheMemoryBack()
    {
        var budget = new UploadBudget(1 << 20);
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(new byte[20_000]);

        Task<Upload> upload = Upload.ReadAsync(pipe.Reader.AsStream(), 100_000, Timeout, _time, budget, CancellationToken.None);
        Assert.False(upload.IsCompleted);
        _time.Advance(Timeout);
        RequestException error = await Assert.ThrowsAsync<RequestException>(() => upload.OrHang());

        Assert.Equal((408, Failure.TooSlow), (error.Failure.Status, error.Failure.Reason));
        Assert.Equal(0, budget.Used);
    }
}

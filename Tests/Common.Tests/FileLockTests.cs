using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace MLClassify.Common.Tests;

public sealed class FileLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string LockFile => _folder["sub/.lock"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AcquireAsync_Held_WaitsUntilItIsFree()
    {
        var time = new FakeTimeProvider();
        int waits = 0;
        FileLock first = await FileLock.AcquireAsync(LockFile);
        Task<FileLock> second = FileLock.AcquireAsync(LockFile, time, () => waits++);
        Assert.Equal(1, waits);
        time.Advance(TimeSpan.FromDays(1));
        Assert.False(second.IsCompleted);

        first.Dispose();

        await time.RunUntilAsync(second, TimeSpan.FromMilliseconds(50));
        (await second).Dispose();
        Assert.Equal(1, waits);
    }

    [Fact]
    public async Task AcquireAsync_CanceledWhileWaiting_Ends()
    {
        using FileLock first = await FileLock.AcquireAsync(LockFile);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FileLock.AcquireAsync(LockFile, stop.Cancel, stop.Token));
    }

    [Fact]
    public async Task AcquireAsync_PathIsAFolder_ThrowsInsteadOfWaiting()
    {
        Exception thrown = await Assert.ThrowsAnyAsync<Exception>(() => FileLock.AcquireAsync(_folder.Root).OrHang());

        Assert.True(thrown is IOException or UnauthorizedAccessException, thrown.ToString());
    }

    [ToolFact("flock")]
    public async Task AcquireAsync_AnotherProcessHasIt_WaitsUntilThatIsKilled()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LockFile)!);
        using Process other = Process.Start(new ProcessStartInfo("flock", ["-F", LockFile, "sleep", "300"]))!;
        try
        {
            await Waiting.UntilAsync(async () => !await TryLockElsewhereAsync());

            int waits = 0;
            Task<FileLock> wanted = FileLock.AcquireAsync(LockFile, () => waits++);
            Assert.Equal(1, waits);
            Assert.False(wanted.IsCompleted);

            other.Kill();

            using FileLock held = await wanted.OrHang();
            Assert.False(await TryLockElsewhereAsync());
        }
        finally
        {
            other.Kill();
        }
    }

    private async Task<bool> TryLockElsewhereAsync()
    {
        using Process attempt = Process.Start(new ProcessStartInfo("flock", ["-n", LockFile, "true"]))!;
        await attempt.WaitForExitAsync();
        return attempt.ExitCode == 0;
    }
}

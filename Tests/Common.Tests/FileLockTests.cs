using System.Diagnostics;

namespace MLClassify.Common.Tests;

public sealed class FileLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlclassify-lock-").FullName;

    private string LockFile => Path.Combine(_folder, "sub", ".lock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AcquireAsync_Held_WaitsUntilItIsFree()
    {
        int waits = 0;
        FileLock first = await FileLock.AcquireAsync(LockFile);
        Task<FileLock> second = FileLock.AcquireAsync(LockFile, () => waits++);
        await Task.Delay(200);
        Assert.False(second.IsCompleted);

        first.Dispose();

        (await second).Dispose();
        Assert.Equal(1, waits);
    }

    [Fact]
    public async Task AcquireAsync_CancelledWhileWaiting_Ends()
    {
        using FileLock first = await FileLock.AcquireAsync(LockFile);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FileLock.AcquireAsync(LockFile, cancellationToken: stop.Token));
    }

    [Fact]
    public async Task AcquireAsync_PathIsAFolder_ThrowsInsteadOfWaiting()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        Exception thrown = await Assert.ThrowsAnyAsync<Exception>(() => FileLock.AcquireAsync(_folder, cancellationToken: stop.Token));

        Assert.True(thrown is IOException or UnauthorizedAccessException, thrown.ToString());
    }

    [ToolFact("flock")]
    public async Task AcquireAsync_AnotherProcessHasIt_WaitsUntilThatIsKilled()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LockFile)!);
        using Process other = Process.Start(new ProcessStartInfo("flock", ["-F", LockFile, "sleep", "300"]))!;
        try
        {
            while (await TryLockElsewhereAsync())
            {
                await Task.Delay(20);
            }

            Task<FileLock> wanted = FileLock.AcquireAsync(LockFile);
            await Task.Delay(200);
            Assert.False(wanted.IsCompleted);

            other.Kill();

            using FileLock held = await wanted.WaitAsync(TimeSpan.FromSeconds(20));
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

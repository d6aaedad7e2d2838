using Microsoft.Extensions.Time.Testing;

namespace MLClassify.Testing;

/// <summary>
/// How tests wait for other threads and processes: for a condition, never for a duration. Only <see cref="Limit"/> is a time, and it only
/// ends a test that hangs.
/// </summary>
public static class Waiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>When a test counts as hung. Far longer than anything takes on a busy machine, so that no result depends on it.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition; asked again and again.</param>
    /// <exception cref="TimeoutException">The test hangs.</exception>
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition; asked again and again.</param>
    /// <exception cref="TimeoutException">The test hangs.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        long begin = Environment.TickCount64;
        while (!await condition())
        {
            await PauseAsync(begin);
        }
    }

    /// <summary>Waits for a task.</summary>
    /// <param name="task">The task.</param>
    /// <exception cref="TimeoutException">The test hangs.</exception>
    public static Task OrHang(this Task task) => task.WaitAsync(Limit);

    /// <summary>Waits for a task's result.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="task">The task.</param>
    /// <exception cref="TimeoutException">The test hangs.</exception>
    public static Task<T> OrHang<T>(this Task<T> task) => task.WaitAsync(Limit);

    /// <summary>
    /// Lets a fake clock run until a task has ended, in whatever way. The clock moves in steps, because the work sets its timers between them.
    /// </summary>
    /// <param name="time">The clock.</param>
    /// <param name="task">The task; its exception is left to whoever awaits it.</param>
    /// <param name="step">How far the clock moves at a time.</param>
    /// <exception cref="TimeoutException">The test hangs.</exception>
    public static async Task RunUntilAsync(this FakeTimeProvider time, Task task, TimeSpan step)
    {
        long begin = Environment.TickCount64;
        while (!task.IsCompleted)
        {
            time.Advance(step);
            await PauseAsync(begin);
        }
    }

    private static Task PauseAsync(long begin) => Environment.TickCount64 - begin < Limit.TotalMilliseconds
        ? Task.Delay(Pause)
        : throw new TimeoutException($"The test hangs: nothing came of it in {Limit.TotalMinutes} minutes.");
}

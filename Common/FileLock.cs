namespace MLClassify.Common;

/// <summary>
/// A lock between processes: an empty file held open exclusively. The system lets go of it when the process ends, however it ends.
/// </summary>
/// <remarks>
/// The file stays where it is. Removing it on release would let a third process lock a new file of that name while a second one, which
/// opened the old file before, holds that.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Acquires the lock, or waits until its holder releases it.</summary>
    /// <param name="path">The lock's file; made where it is absent, with its folder.</param>
    /// <param name="waiting">Called once if there is somebody to wait for.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be made.</exception>
    public static Task<FileLock> AcquireAsync(string path, Action? waiting = null, CancellationToken cancellationToken = default) =>
        AcquireAsync(path, TimeProvider.System, waiting, cancellationToken);

    internal static async Task<FileLock> AcquireAsync(
        string path, TimeProvider time, Action? waiting = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full) ?? full);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryOpen(full) is { } file)
            {
                return new FileLock(file);
            }

            waiting?.Invoke();
            waiting = null;
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets go.</summary>
    public void Dispose() => _file.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    // ERROR_SHARING_VIOLATION; elsewhere the runtime gives EWOULDBLOCK of flock(2), whose number differs between systems. Other
    // errors come as subclasses (no folder, name too long) or with a file that is not there.
    private static bool IsHeld(IOException e)
    {
        const int SharingViolation = unchecked((int)0x80070020);
        const int LinuxWouldBlock = 11;
        const int MacWouldBlock = 35;
        return e.HResult is SharingViolation or LinuxWouldBlock or MacWouldBlock;
    }
}

using MLClassify.Common;

namespace MLClassify.Reports;

/// <summary>
/// Writes numbers for TensorBoard: a file <c>events.out.tfevents.*</c> of scalars. Every number is in the file when <see cref="Add(string, long, double)"/>
/// returns, so that a killed run's file reads up to there. Safe for any number of threads; one writer a file.
/// </summary>
/// <remarks>Unlike other files of a run it grows in place: TensorBoard follows it while it does.</remarks>
internal sealed class TensorBoardWriter : IDisposable
{
    /// <summary>What every event file's name begins with: TensorBoard looks for it.</summary>
    public const string FilePrefix = "events.out.tfevents.";

    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();

    private TensorBoardWriter(FileStream file, TimeProvider time)
    {
        _file = file;
        _time = time;
    }

    /// <summary>The file.</summary>
    public string FilePath => _file.Name;

    /// <summary>Begins a file.</summary>
    /// <param name="folder">Where; created where it is absent.</param>
    /// <param name="time">Tells the time of each number; the system's clock when null.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static TensorBoardWriter Create(string folder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        time ??= TimeProvider.System;
        Directory.CreateDirectory(folder);
        DateTimeOffset now = time.GetUtcNow();

        // TensorBoard reads a folder's files in the order of their names, which begin with the time.
        for (int number = 0; ; number++)
        {
            string name = FormattableString.Invariant($"{FilePrefix}{now.ToUnixTimeSeconds():D10}.mlclassify.{number}");
            string path = Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                var writer = new TensorBoardWriter(Open(path, FileMode.CreateNew), time);
                writer.Append(EventMessage.Version(now));
                return writer;
            }
        }
    }

    /// <summary>
    /// Goes on with the last file of a folder, or begins one where there is none. What a kill left of an unfinished record goes, as does all
    /// that follows a damaged one, where readers stop, and so do numbers that the resumed run is about to write again.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="keeps">Which numbers stay, by tag and step.</param>
    /// <param name="time">Tells the time of each number; the system's clock when null.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static TensorBoardWriter Resume(string folder, Func<string, long, bool> keeps, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(keeps);
        string? last = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, FilePrefix + "*").Max(StringComparer.Ordinal) : null;
        if (last is null)
        {
            return Create(folder, time);
        }

        (long end, bool isWhole) = Survey(last, keeps);
        if (end == 0)
        {
            DropStub(last);
            return Create(folder, time);
        }

        if (!isWhole)
        {
            Rewrite(last, keeps);
        }

        FileStream file = Open(last, FileMode.Open);
        file.SetLength(isWhole ? end : file.Length);
        file.Seek(0, SeekOrigin.End);
        return new TensorBoardWriter(file, time ?? TimeProvider.System);
    }

    /// <summary>Writes a number with the present time.</summary>
    /// <param name="tag">What it is, such as <c>loss/train</c>: what stands before the slash groups the plots.</param>
    /// <param name="step">When, on the plot's axis.</param>
    /// <param name="value">The number; kept as float32, also where it is not finite.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void Add(string tag, long step, double value) => Add(tag, step, value, _time.GetUtcNow());

    /// <summary>Writes a number.</summary>
    /// <param name="tag">What it is, such as <c>loss/train</c>: what stands before the slash groups the plots.</param>
    /// <param name="step">When, on the plot's axis.</param>
    /// <param name="value">The number; kept as float32, also where it is not finite.</param>
    /// <param name="wallTime">When, on the clock.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void Add(string tag, long step, double value, DateTimeOffset wallTime)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        Append(EventMessage.Scalar(tag, step, (float)value, wallTime));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    // Without a buffer of its own: what is written has left the process.
    private static FileStream Open(string path, FileMode mode) =>
        new(path, mode, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0);

    private static FileStream OpenToRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);

    // Where the last whole record ends, and whether all of them stay.
    private static (long End, bool IsWhole) Survey(string path, Func<string, long, bool> keeps)
    {
        using FileStream file = OpenToRead(path);
        long end = 0;
        bool isWhole = true;
        while (EventRecord.Read(file) is { } message)
        {
            end = file.Position;
            isWhole &= Stays(message, keeps);
        }

        return (end, isWhole);
    }

    // A run killed while it began its file; whatever else does not begin with a record is left alone.
    private static void DropStub(string path)
    {
        if (new FileInfo(path).Length < EventRecord.Frame(EventMessage.Version(DateTimeOffset.UnixEpoch)).Length)
        {
            File.Delete(path);
        }
    }

    private static void Rewrite(string path, Func<string, long, bool> keeps) => AtomicFile.Write(path, output =>
    {
        using FileStream file = OpenToRead(path);
        while (EventRecord.Read(file) is { } message)
        {
            if (Stays(message, keeps))
            {
                output.Write(EventRecord.Frame(message));
            }
        }
    });

    private static bool Stays(byte[] message, Func<string, long, bool> keeps)
    {
        (long step, IReadOnlyList<string> tags) = EventMessage.Parse(message);
        return tags.Count == 0 || tags.Any(tag => keeps(tag, step));
    }

    private void Append(byte[] message)
    {
        byte[] record = EventRecord.Frame(message);
        lock (_gate)
        {
            long before = _file.Position;
            try
            {
                _file.Write(record);
            }
            catch (IOException)
            {
                // A full disk: half a record would hide all that follow it.
                _file.SetLength(before);
                _file.Seek(before, SeekOrigin.Begin);
                throw;
            }
        }
    }
}

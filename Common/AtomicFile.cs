using System.Text;

namespace MLClassify.Common;

/// <summary>
/// Writes a file so that a reader, a crash or a full disk never meets half of it: the content goes to a temporary name in the
/// same folder, is flushed to the disk, and takes the final name by one rename.
/// </summary>
/// <remarks>
/// The last writer wins where two write the same path. A symbolic link at the path is replaced, not followed.
/// A temporary file (<c>.NAME.tmp</c> with a random NAME) is left behind only when the process is killed while writing.
/// </remarks>
internal static class AtomicFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file; its folder is created where it is absent.</param>
    /// <param name="text">The whole content; line ends are written as they are.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written, or the path is a folder; nothing changed.</exception>
    public static void WriteAllText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, Utf8, bufferSize: 1 << 16, leaveOpen: true);
            writer.Write(text);
        });
    }

    /// <summary>Writes what <paramref name="content"/> puts into the stream.</summary>
    /// <param name="path">The file; its folder is created where it is absent.</param>
    /// <param name="content">
    /// Writes the content; the stream can seek, and is flushed and closed afterwards (closing it earlier is an error). Whatever it
    /// throws reaches the caller, and what was at <paramref name="path"/> before is untouched.
    /// </param>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written, or the path is a folder; nothing changed.</exception>
    public static void Write(string path, Action<Stream> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(content);

        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target) ?? throw new ArgumentException($"'{path}' names no file", nameof(path));
        Directory.CreateDirectory(folder);

        // The target's own name is not part of the temporary one: names near the file system's limit must still work.
        string temporary = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                content(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e)
        {
            TryDelete(temporary);

            // The system's messages name the temporary file, if any; a file larger than the file system allows is an argument's error there.
            if (e.GetType() == typeof(IOException) || e is ArgumentOutOfRangeException { ParamName: "value" })
            {
                throw new IOException($"{target} cannot be written: {e.Message}", e);
            }

            throw;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that stopped the write is the one to report.
        }
    }
}

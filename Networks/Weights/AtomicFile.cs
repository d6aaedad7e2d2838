namespace MLClassify.Networks.Weights;

/// <summary>Writes a file so that nobody ever sees half of it.</summary>
internal static class AtomicFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Writes to a temporary name in the same folder, flushes it to the disk, and renames it; an older file is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        string temporary = Path.Combine(
            Path.GetDirectoryName(full) ?? throw new ArgumentException($"'{path}' is not a file's path.", nameof(path)),
            $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}

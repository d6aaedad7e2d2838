using System.Formats.Tar;

namespace MLClassify.Datasets;

/// <summary>
/// Reads the files of a tar archive in gzip, one after the other. The archive is untrusted: a name that leads out of the folder, a link or
/// device, too many entries, a file or a whole that is too large, and damage end the reading with an <see cref="InvalidDatasetException"/>.
/// The archive never names a path here; its reader does.
/// </summary>
internal static class TarFiles
{
    /// <summary>Reads an archive.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="file">Takes a file: its name's parts, and its content, which ends where the file does.</param>
    /// <param name="limits">What it may hold; defaults when null.</param>
    /// <param name="cancellationToken">Cancels the work between files.</param>
    /// <exception cref="InvalidDatasetException">The archive is damaged or hostile.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void Read(string path, Action<string[], Stream> file, ArchiveLimits? limits = null, CancellationToken cancellationToken = default)
    {
        limits ??= new ArchiveLimits();
        using Stream content = RawFile.Open(path, out _);
        using var counted = new CountedStream(content, limits.TotalBytes, path);
        using var reader = new TarReader(counted, leaveOpen: true);
        for (int number = 1; Next(reader, path) is { } entry; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (number > limits.Entries)
            {
                throw new InvalidDatasetException(FormattableString.Invariant($"{path}: it holds more than {limits.Entries} entries"));
            }

            string[] parts = Parts(path, entry);
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && parts.Length > 0)
            {
                if (entry.Length > limits.EntryBytes)
                {
                    throw new InvalidDatasetException(
                        FormattableString.Invariant($"{path}: the file {entry.Name} has {entry.Length} bytes, expected at most {limits.EntryBytes}"));
                }

                file(parts, new EntryStream(entry.DataStream ?? Stream.Null, path));
            }
        }
    }

    private static TarEntry? Next(TarReader reader, string path)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new InvalidDatasetException($"{path}: the archive is damaged: {e.Message}", e);
        }
    }

    /// <summary>What the readers of tar and gzip throw for content that is none.</summary>
    internal static bool IsDamage(Exception e) => e is InvalidDataException or EndOfStreamException or FormatException or OverflowException
        or ArgumentException or NotSupportedException or InvalidOperationException or OutOfMemoryException;

    private static string[] Parts(string path, TarEntry entry)
    {
        string name = entry.Name;
        if (entry.EntryType is TarEntryType.ExtendedAttributes or TarEntryType.GlobalExtendedAttributes)
        {
            // No file: its name is only a habit, such as a temporary folder's.
            return [];
        }

        bool isKnown = entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.Directory;
        if (!isKnown)
        {
            throw new InvalidDatasetException($"{path}: '{name}' is no file but a {entry.EntryType}; no dataset has that");
        }

        string[] parts = [.. name.Split('/').Where(part => part is not ("" or "."))];
        bool isInside = !name.StartsWith('/') && !name.Contains('\\', StringComparison.Ordinal) && !name.Contains(':', StringComparison.Ordinal)
            && !parts.Contains("..") && !name.Any(char.IsControl);
        return isInside ? parts : throw new InvalidDatasetException($"{path}: the name '{name}' leads out of the folder");
    }

    /// <summary>A file's content, whose damage is the archive's.</summary>
    private sealed class EntryStream(Stream inner, string path) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return inner.Read(buffer);
            }
            catch (Exception e) when (IsDamage(e))
            {
                throw new InvalidDatasetException($"{path}: the archive is damaged: {e.Message}", e);
            }
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

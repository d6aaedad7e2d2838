using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLClassify.Datasets;

/// <summary>
/// Finds images whose encoded bytes are equal. In three sieves, each for what the one before left: the size, SHA-256 of a piece, SHA-256 of the whole.
/// Takes about a hundred bytes an image beside its sample.
/// </summary>
internal sealed class EqualFiles(IReadOnlyList<ImageSample> samples, long largestFile, int threads)
{
    // From the middle: many cameras' files begin alike, and a padded file ends like another.
    private const int PieceBytes = 4096;
    private const int BufferBytes = 1 << 16;

    /// <summary>Finds the groups.</summary>
    /// <param name="cancellationToken">Cancels the work between files, and within a large one.</param>
    /// <returns>Indices of equal files, each group ascending, groups by their first. Files that cannot be read are in none.</returns>
    public IReadOnlyList<int[]> Find(CancellationToken cancellationToken)
    {
        int[] left = [.. Enumerable.Range(0, samples.Count)];
        var keys = new Key[samples.Count];
        Sieve(ref left, keys, (sample, _) => Length(sample), cancellationToken);
        Sieve(ref left, keys, Piece, cancellationToken);
        Sieve(ref left, keys, (sample, key) => Whole(sample, key, cancellationToken), cancellationToken);
        return [.. left.GroupBy(i => keys[i]).Select(g => g.Order().ToArray()).OrderBy(g => g[0])];
    }

    // Sets the keys of the files that are left, and leaves those whose key another one has, too.
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "reads files; each item writes its own place, and the number of threads is the caller's")]
    private void Sieve(ref int[] left, Key[] keys, Func<ImageSample, Key, Key?> look, CancellationToken cancellationToken)
    {
        int[] files = left;
        bool[] isKnown = new bool[files.Length];
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };
        Parallel.For(0, files.Length, options, i =>
        {
            try
            {
                if (look(samples[files[i]], keys[files[i]]) is { } key)
                {
                    keys[files[i]] = key;
                    isKnown[i] = true;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                // Whoever opens it as an image says why it cannot be read.
            }
        });
        var counts = new Dictionary<Key, int>();
        int[] known = [.. files.Where((_, i) => isKnown[i])];
        foreach (int file in known)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, keys[file], out _)++;
        }

        left = [.. known.Where(file => counts[keys[file]] > 1)];
    }

    // Pipes and devices have no length, and are never opened: reading them might not end.
    private Key? Length(ImageSample sample)
    {
        long length = sample.Content is { } content ? content.Bytes.Length : FileLength(sample.Path);
        return length > 0 && length <= largestFile ? new Key(length, default, default) : null;
    }

    private static long FileLength(string path)
    {
        FileInfo file = new(path);
        file = file.LinkTarget is null ? file : (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        return file.Length;
    }

    private static Key? Piece(ImageSample sample, Key key)
    {
        using Stream stream = Open(sample, bufferBytes: 0);
        Span<byte> piece = stackalloc byte[PieceBytes];
        stream.Seek(Math.Max(0, (key.Length - PieceBytes) / 2), SeekOrigin.Begin);
        int count = stream.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
        return Hashed(key.Length, SHA256.HashData(piece[..count]));
    }

    private static Key? Whole(ImageSample sample, Key key, CancellationToken cancellationToken)
    {
        // A small file's piece was the whole of it.
        if (key.Length <= PieceBytes)
        {
            return key;
        }

        using Stream stream = Open(sample, BufferBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        long read = 0;
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer.AsSpan(0, count));
            read += count;
            if (read > key.Length)
            {
                return null; // It grows while it is read.
            }
        }

        return Hashed(read, hash.GetHashAndReset());
    }

    // A file is opened beside who writes it.
    private static Stream Open(ImageSample sample, int bufferBytes) => sample.Content is { } content
        ? content.Open()
        : new FileStream(sample.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferBytes, FileOptions.SequentialScan);

    private static Key Hashed(long length, byte[] hash) => new(length, MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash.AsSpan(16)));

    private readonly record struct Key(long Length, UInt128 High, UInt128 Low);
}

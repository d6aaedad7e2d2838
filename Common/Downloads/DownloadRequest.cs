namespace MLClassify.Common;

/// <summary>A file to fetch.</summary>
internal sealed record DownloadRequest
{
    /// <summary>Where it is: https, or http on this machine.</summary>
    public required Uri Address { get; init; }

    /// <summary>Where it goes. Beside it lie, while it is fetched, <c>PATH.part</c>, <c>PATH.part.tag</c>, and a lock, <c>.NAME.lock</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The SHA-256 of the content, or its first digits, as 8 to 64 hex digits; not checked when null.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The most bytes that are accepted. Default 4 GiB; at least 1.</summary>
    public long MaximumBytes { get; init; } = 4L << 30;

    /// <summary>Whether a file that is there already is fetched again; it stays in place until the new one is whole. Default false.</summary>
    public bool Force { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        ArgumentNullException.ThrowIfNull(Address);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumBytes, 1);
        if (!DownloadAddress.IsAllowed(Address))
        {
            throw new ArgumentException($"Files are fetched by https, or by http from this machine only; got '{DownloadAddress.Display(Address)}'.");
        }

        if (Sha256 is not null && !Common.Sha256.IsPrefix(Sha256))
        {
            throw new ArgumentException($"A SHA-256 or its beginning has 8 to 64 hex digits, got '{Sha256}'.");
        }
    }
}

/// <summary>Where a download stands.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Phase">What is being done.</param>
/// <param name="Received">Bytes that are here.</param>
/// <param name="Total">Bytes of the whole file; null where the server did not say.</param>
public readonly record struct DownloadProgress(string File, DownloadPhase Phase, long Received, long? Total);

/// <summary>What a download is doing.</summary>
public enum DownloadPhase
{
    /// <summary>Another process fetches the same file; this one waits for it.</summary>
    Waiting,

    /// <summary>The server is asked.</summary>
    Connecting,

    /// <summary>Content arrives.</summary>
    Receiving,

    /// <summary>The connection broke; the next attempt follows after a pause.</summary>
    Pausing,

    /// <summary>The content's hash is computed.</summary>
    Checking,
}

/// <summary>How a file came to be where it is.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sha256">Its SHA-256, 64 hex digits; null where it was there already and no hash was asked for.</param>
/// <param name="IsNew">Whether it was fetched now; else it was there already.</param>
public sealed record DownloadResult(string Path, string? Sha256, bool IsNew);

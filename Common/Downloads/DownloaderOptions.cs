using Microsoft.Extensions.Logging;

namespace MLClassify.Common;

/// <summary>How files are fetched: patience, HTTP client, logger, clock.</summary>
public sealed record DownloaderOptions
{
    /// <summary>How long a connection may take to be made. Default 15 s; above 0.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the server may be silent, before its answer and in the middle of it. Default 30 s; above 0.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often a broken connection is made again without getting at least <see cref="WorthwhileBytes"/> further. Default 5; 0 to 100.
    /// </summary>
    public int Retries { get; init; } = 5;

    /// <summary>The pause before the first new attempt; each further one is twice as long, up to 30 s. Default 1 s; at least 0.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What an attempt must add to the file for the count of <see cref="Retries"/> to begin anew. Default 1 MiB; at least 1.</summary>
    public long WorthwhileBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Sends the requests, with its own handler's proxy, certificates and redirections; never disposed here. Default null: a client of the
    /// downloader's own, with the system's proxy.
    /// </summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>Receives what happens to downloads, or null for no logging. Addresses are logged without user names and passwords.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>The clock for pauses and timeouts. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(IdleTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstPause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Retries, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Retries, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(WorthwhileBytes, 1);
    }
}

namespace MLClassify.Common;

/// <summary>How patient a <see cref="Downloader"/> is.</summary>
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

    /// <summary>The clock that pauses and timeouts go by. Default the system's.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(IdleTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstPause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Retries, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Retries, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(WorthwhileBytes, 1);
    }
}

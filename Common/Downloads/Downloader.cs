using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MLClassify.Common;

/// <summary>
/// Downloads files atomically and only once, even when several processes request the same file. What was received before a connection
/// broke, or the program ended, is kept and continued (RFC 9110, section 14); the content is checked before the file gets its name.
/// </summary>
/// <remarks>Proxies are those of the system (<c>HTTPS_PROXY</c>, <c>NO_PROXY</c>). Safe for several threads.</remarks>
internal sealed class Downloader : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly DownloaderOptions _options;
    private readonly HttpSource _source;
    private readonly ILogger _logger;

    /// <summary>Makes a downloader.</summary>
    /// <param name="options">How patient it is; defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Downloader(DownloaderOptions? options = null)
    {
        _options = options ?? new DownloaderOptions();
        _options.Validate();
        _source = new HttpSource(_options);
        _logger = _options.Logger ?? NullLogger.Instance;
    }

    /// <summary>Closes connections that are kept open, but not those of <see cref="DownloaderOptions.HttpClient"/>.</summary>
    public void Dispose() => _source.Dispose();

    /// <summary>Fetches a file, unless it is there already and its hash is right.</summary>
    /// <param name="request">The file.</param>
    /// <param name="progress">Receives the download's progress, on any thread; null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the work; what was received is kept for the next time.</param>
    /// <exception cref="ArgumentException">The request is not valid.</exception>
    /// <exception cref="DownloadException">The file cannot be fetched; what was at its place before is untouched.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public async Task<DownloadResult> FetchAsync(
        DownloadRequest request, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        request = request with { Path = Path.GetFullPath(request.Path) };
        try
        {
            if (await FindAsync(request, progress, cancellationToken).ConfigureAwait(false) is { } present)
            {
                DownloadLog.Found(_logger, Path.GetFileName(request.Path));
                return present;
            }

            string name = Path.GetFileName(request.Path);
            string lockPath = Path.Combine(Path.GetDirectoryName(request.Path) ?? "", $".{name}.lock");
            void Waiting() => progress?.Report(new DownloadProgress(name, DownloadPhase.Waiting, 0, null));
            using FileLock held = await FileLock.AcquireAsync(lockPath, _options.TimeProvider, Waiting, cancellationToken).ConfigureAwait(false);

            // Whoever had the lock before may have fetched the file.
            return await FindAsync(request, progress, cancellationToken).ConfigureAwait(false)
                ?? await FetchLockedAsync(request, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (DownloadException e)
        {
            DownloadLog.Failed(_logger, Path.GetFileName(request.Path), e.Reason);
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DownloadException(request.Address, DownloadFailure.Disk, $"{request.Path} cannot be written ({e.Message})", innerException: e);
        }
    }

    /// <summary>Asks whether a file could be fetched, without fetching it.</summary>
    /// <param name="address">The file.</param>
    /// <param name="timeout">The most time for the answer.</param>
    /// <param name="cancellationToken">Cancels the question.</param>
    /// <exception cref="DownloadException">It could not; the message says why.</exception>
    public async Task ProbeAsync(Uri address, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        new DownloadRequest { Address = address, Path = "." }.Validate();
        using var silence = new CancellationTokenSource(timeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            using HttpResponseMessage response = await _source.SendAsync(address, 0, null, cancellationToken, either.Token).ConfigureAwait(false);
            RejectPage(address, response);
        }
        catch (BrokenConnectionException e)
        {
            throw Final(address, e, "");
        }
    }

    private static async Task<DownloadResult?> FindAsync(DownloadRequest request, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        if (request.Force || !File.Exists(request.Path))
        {
            return null;
        }

        if (request.Sha256 is not { } expected)
        {
            return new DownloadResult(request.Path, null, IsNew: false);
        }

        long bytes = new FileInfo(request.Path).Length;
        progress?.Report(new DownloadProgress(Path.GetFileName(request.Path), DownloadPhase.Checking, bytes, bytes));
        string hash = await Sha256.OfFileAsync(request.Path, cancellationToken).ConfigureAwait(false);
        return Sha256.Matches(hash, expected) ? new DownloadResult(request.Path, hash, IsNew: false) : null;
    }

    private static DownloadException Final(Uri address, BrokenConnectionException e, string more)
    {
        DownloadFailure failure = e.Status is null ? DownloadFailure.Unreachable : DownloadFailure.Refused;
        return new DownloadException(address, failure, e.Message + more, e.Status, e);
    }

    internal static void RejectPage(Uri address, HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
        {
            throw new DownloadException(
                address, DownloadFailure.WrongContent, "the answer is a web page, not the file: perhaps a proxy's or a network's login page");
        }
    }

    private async Task<DownloadResult> FetchLockedAsync(DownloadRequest request, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var part = new PartialFile(request.Path);
        int failures = 0;
        bool isSecond = false;
        long reached = 0;
        string name = Path.GetFileName(request.Path);
        long start = _options.TimeProvider.GetTimestamp();
        DownloadLog.Started(_logger, name, DownloadAddress.Display(request.Address));
        while (true)
        {
            try
            {
                var attempt = new DownloadAttempt(_source, _options, request, part, progress);
                bool isContinued = await attempt.RunAsync(cancellationToken).ConfigureAwait(false);
                if (await FinishAsync(request, part, isContinued && !isSecond, progress, cancellationToken).ConfigureAwait(false) is { } result)
                {
                    DownloadLog.Completed(_logger, name, new FileInfo(request.Path).Length, _options.TimeProvider.GetElapsedTime(start).TotalSeconds);
                    return result;
                }

                // Pieces of two versions of the file, once: the next time all of it is fetched again.
                isSecond = true;
            }
            catch (BrokenConnectionException e)
            {
                // Counted anew after real progress only: a server that cuts off, or begins anew, every time must not keep this going.
                if (part.Length >= reached + _options.WorthwhileBytes)
                {
                    reached = part.Length;
                    failures = 0;
                }

                if (failures++ >= _options.Retries)
                {
                    string kept = part.Length > 0 ? FormattableString.Invariant($"; {part.Length} bytes are kept, and the next attempt continues there") : "";
                    throw Final(request.Address, e, kept);
                }

                progress?.Report(new DownloadProgress(name, DownloadPhase.Pausing, part.Length, null));
                TimeSpan pause = Pause(failures);
                DownloadLog.Interrupted(_logger, name, part.Length, e.Message, pause.TotalSeconds);
                await Task.Delay(pause, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private TimeSpan Pause(int failures)
    {
        double seconds = _options.FirstPause.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 16));
        return TimeSpan.FromSeconds(Math.Min(seconds, LongestPause.TotalSeconds));
    }

    /// <summary>Checks the content and gives it its name; null when it is not what was expected and may be fetched once more.</summary>
    private static async Task<DownloadResult?> FinishAsync(
        DownloadRequest request, PartialFile part, bool mayRepeat, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        long bytes = part.Length;
        progress?.Report(new DownloadProgress(Path.GetFileName(request.Path), DownloadPhase.Checking, bytes, bytes));
        string hash = await Sha256.OfFileAsync(part.Path, cancellationToken).ConfigureAwait(false);
        if (request.Sha256 is not { } expected || Sha256.Matches(hash, expected))
        {
            part.Complete();
            return new DownloadResult(request.Path, hash, IsNew: true);
        }

        bool isPage = ContentSniffer.IsPage(part.Path);
        part.Delete();
        if (mayRepeat)
        {
            return null;
        }

        string what = isPage ? "the answer is a web page, not the file" : "the server has another file";
        string found = hash[..expected.Length];
        throw new DownloadException(
            request.Address,
            DownloadFailure.WrongContent,
            FormattableString.Invariant($"{what}: expected SHA-256 {expected}..., found {found}... ({bytes} bytes, removed)"));
    }
}

using System.Net;
using System.Net.Http.Headers;

namespace MLClassify.Common;

/// <summary>One attempt to get a file's content, or what of it is missing.</summary>
internal sealed class DownloadAttempt(
    HttpSource source, DownloaderOptions options, DownloadRequest request, PartialFile part, IProgress<DownloadProgress>? progress)
{
    private const int BufferBytes = 1 << 17;
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(100);

    private readonly string _name = Path.GetFileName(request.Path);
    private long _reported;

    /// <summary>Gets the content; it is whole when this returns, as far as the server's word goes.</summary>
    /// <returns>Whether some of it is from earlier attempts.</returns>
    /// <exception cref="BrokenConnectionException">Another attempt may get further.</exception>
    /// <exception cref="DownloadException">No attempt will.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        long offset = part.Length;
        VersionTag? tag = part.ReadTag();
        if (tag is not null && tag.Address != DownloadAddress.Display(request.Address))
        {
            tag = null;
        }

        RangeConditionHeaderValue? condition = tag?.Condition();
        if (offset > 0 && condition is null && request.Sha256 is null)
        {
            // Nothing would tell that the rest is of the same version.
            part.Delete();
            offset = 0;
        }

        Report(DownloadPhase.Connecting, offset, tag?.Total, isForced: true);
        using var silence = new CancellationTokenSource(options.IdleTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        using HttpResponseMessage response = await source.SendAsync(request.Address, offset, condition, cancellationToken, either.Token).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return IsWhole(response, offset);
        }

        Downloader.RejectPage(request.Address, response);
        bool isContinued = response.StatusCode == HttpStatusCode.PartialContent;
        long? total = isContinued ? TotalOfRest(response, offset, tag) : response.Content.Headers.ContentLength;
        RejectSize(total ?? 0);
        FileStream file = isContinued ? part.Append() : part.Begin(VersionTag.Of(request.Address, response, total));
        await using (file.ConfigureAwait(false))
        {
            await CopyAsync(response, file, isContinued ? offset : 0, total, silence, either.Token, cancellationToken).ConfigureAwait(false);
        }

        return isContinued;
    }

    // What is here is as long as the file, or longer: a crash came between the last byte and the rename, or it is of another version.
    private bool IsWhole(HttpResponseMessage response, long offset)
    {
        if (offset > 0 && response.Content.Headers.ContentRange?.Length == offset)
        {
            return true;
        }

        part.Delete();
        throw new BrokenConnectionException("the server has no more of the file than is here", response.StatusCode);
    }

    private long? TotalOfRest(HttpResponseMessage response, long offset, VersionTag? tag)
    {
        ContentRangeHeaderValue? range = response.Content.Headers.ContentRange;
        long? total = range?.Length ?? (response.Content.Headers.ContentLength is { } rest ? offset + rest : null);
        bool isRest = offset > 0 && range?.From == offset;
        if (!isRest || (tag?.Contradicts(VersionTag.Of(request.Address, response, total)) ?? false))
        {
            part.Delete();
            throw new BrokenConnectionException(isRest ? "the file has changed meanwhile" : "the server sends another part of the file than was asked for");
        }

        return total;
    }

    private async Task CopyAsync(
        HttpResponseMessage response,
        FileStream file,
        long offset,
        long? total,
        CancellationTokenSource silence,
        CancellationToken either,
        CancellationToken cancellationToken)
    {
        long received = offset;
        byte[] buffer = new byte[BufferBytes];
        try
        {
            Stream content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                silence.CancelAfter(options.IdleTimeout);
                int count = await ReadAsync(content, buffer, received, total, either, cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                received += count;
                RejectSize(received);
                await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                Report(DownloadPhase.Receiving, received, total);
            }
        }
        finally
        {
            file.Flush(flushToDisk: true);
        }

        Report(DownloadPhase.Receiving, received, total, isForced: true);
        if (total is not null && received != total)
        {
            throw Ended(received, total, null);
        }
    }

    private static async Task<int> ReadAsync(
        Stream content, byte[] buffer, long received, long? total, CancellationToken either, CancellationToken cancellationToken)
    {
        try
        {
            return await content.ReadAsync(buffer, either).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BrokenConnectionException(FormattableString.Invariant($"the server fell silent after {received}{Of(total)} bytes"), innerException: e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw Ended(received, total, e);
        }
    }

    private static BrokenConnectionException Ended(long received, long? total, Exception? cause) =>
        new(FormattableString.Invariant($"the connection ended after {received}{Of(total)} bytes"), innerException: cause);

    private static string Of(long? total) => total is { } bytes ? FormattableString.Invariant($" of {bytes}") : "";

    private void RejectSize(long bytes)
    {
        if (bytes > request.MaximumBytes)
        {
            part.Delete();
            throw new DownloadException(
                request.Address,
                DownloadFailure.WrongContent,
                FormattableString.Invariant($"the file is too large: {bytes} bytes or more, expected at most {request.MaximumBytes}"));
        }
    }

    private void Report(DownloadPhase phase, long received, long? total, bool isForced = false)
    {
        if (progress is null || (!isForced && _reported != 0 && options.Time.GetElapsedTime(_reported) < BetweenReports))
        {
            return;
        }

        // The first content is told at once.
        _reported = isForced ? _reported : options.Time.GetTimestamp();
        progress.Report(new DownloadProgress(_name, phase, received, total));
    }
}

using System.Net;

namespace MLClassify.Common;

/// <summary>Why a download failed.</summary>
public enum DownloadFailure
{
    /// <summary>The server's name is unknown, the server does not answer, or the connection broke more often than is retried.</summary>
    Unreachable,

    /// <summary>The server or a proxy answered with a status that is no success.</summary>
    Refused,

    /// <summary>What came is not what was asked for: a web page, another length, too large, another hash.</summary>
    WrongContent,

    /// <summary>The file cannot be written where it belongs.</summary>
    Disk,
}

/// <summary>A file could not be fetched. The message names the address, without credentials, and the reason.</summary>
/// <param name="address">Where it should have come from.</param>
/// <param name="failure">The kind of reason.</param>
/// <param name="reason">The reason, in a few words.</param>
/// <param name="status">The server's answer, where it was one that is no success.</param>
/// <param name="innerException">The cause, if any.</param>
public sealed class DownloadException(
    Uri address, DownloadFailure failure, string reason, HttpStatusCode? status = null, Exception? innerException = null)
    : IOException($"{DownloadAddress.Display(address)} could not be downloaded: {reason}", innerException)
{
    /// <summary>The kind of reason.</summary>
    public DownloadFailure Failure { get; } = failure;

    /// <summary>The reason, in a few words.</summary>
    public string Reason { get; } = reason;

    /// <summary>The server's answer, where it was one that is no success; else null.</summary>
    public HttpStatusCode? Status { get; } = status;
}

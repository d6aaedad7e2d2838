using System.Net;

namespace MLClassify.Common;

/// <summary>An attempt failed in a way that another one may not.</summary>
/// <param name="reason">What happened, in a few words.</param>
/// <param name="status">The server's answer, where that was the reason.</param>
/// <param name="innerException">The cause, if any.</param>
internal sealed class BrokenConnectionException(string reason, HttpStatusCode? status = null, Exception? innerException = null)
    : Exception(reason, innerException)
{
    public HttpStatusCode? Status { get; } = status;
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace MLClassify.Common;

/// <summary>Asks servers: follows redirections that are safe, and says in words what went wrong.</summary>
internal sealed class HttpSource : IDisposable
{
    private const int MostRedirections = 10;

    private readonly HttpClient _client;
    private readonly LocalBypass _proxy = new(HttpClient.DefaultProxy);

    public HttpSource(DownloaderOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = options.ConnectTimeout,
            Proxy = _proxy,
            UseCookies = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        };
        _client = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("MLClassify", "1"));
        _client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Asks for a file, or for what of it follows an offset; returns when the answer begins.</summary>
    /// <param name="address">The file.</param>
    /// <param name="offset">The first byte that is wanted.</param>
    /// <param name="condition">The version that the rest is wanted of.</param>
    /// <param name="callerToken">Ends the attempt for the caller's reasons.</param>
    /// <param name="silence">Ends the attempt when the server is silent; linked to <paramref name="callerToken"/>.</param>
    /// <returns>An answer of status 200, 206 or 416.</returns>
    /// <exception cref="BrokenConnectionException">Another attempt may succeed.</exception>
    /// <exception cref="DownloadException">No attempt will.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        Uri address, long offset, RangeConditionHeaderValue? condition, CancellationToken callerToken, CancellationToken silence)
    {
        Uri current = address;
        for (int redirections = 0; redirections <= MostRedirections; redirections++)
        {
            HttpResponseMessage response = await SendOnceAsync(current, offset, condition, callerToken, silence).ConfigureAwait(false);
            if (!IsRedirection(response.StatusCode))
            {
                return Checked(address, response);
            }

            Uri? next = response.Headers.Location;
            response.Dispose();
            if (next is null)
            {
                throw new DownloadException(address, DownloadFailure.Refused, "the server redirects without an address", response.StatusCode);
            }

            next = next.IsAbsoluteUri ? next : new Uri(current, next);
            if (!DownloadAddress.IsAllowed(current, next))
            {
                string reason = $"the server sends on to {DownloadAddress.Display(next)}, which is not a secure address";
                throw new DownloadException(address, DownloadFailure.Refused, reason, response.StatusCode);
            }

            current = next;
        }

        throw new DownloadException(address, DownloadFailure.Refused, FormattableString.Invariant($"the server sent on more than {MostRedirections} times"));
    }

    private static bool IsRedirection(HttpStatusCode status) => status
        is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    private async Task<HttpResponseMessage> SendOnceAsync(
        Uri address, long offset, RangeConditionHeaderValue? condition, CancellationToken callerToken, CancellationToken silence)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
            request.Headers.IfRange = condition;
        }

        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!callerToken.IsCancellationRequested)
        {
            throw new BrokenConnectionException($"{address.Host} does not answer", innerException: e);
        }
        catch (HttpRequestException e)
        {
            throw Translated(address, e);
        }
        catch (IOException e)
        {
            throw new BrokenConnectionException($"the connection broke ({e.Message})", innerException: e);
        }
    }

    private HttpResponseMessage Checked(Uri address, HttpResponseMessage response)
    {
        HttpStatusCode status = response.StatusCode;
        if (status is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return response;
        }

        response.Dispose();
        string hint = status == HttpStatusCode.ProxyAuthenticationRequired ? "; HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT gives a name and password" : "";
        string reason = string.Create(CultureInfo.InvariantCulture, $"the answer is {(int)status} {response.ReasonPhrase}").TrimEnd() + Route(address) + hint;
        throw IsPassing(status)
            ? new BrokenConnectionException(reason, status)
            : new DownloadException(address, DownloadFailure.Refused, reason, status);
    }

    private Exception Translated(Uri address, HttpRequestException e)
    {
        string cause = e.InnerException?.Message ?? e.Message;
        string route = Route(address);
        return e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new DownloadException(
                address, DownloadFailure.Unreachable, $"there is no network, or no server of this name ({cause}){route}", innerException: e),
            HttpRequestError.ProxyTunnelError => new DownloadException(
                address, DownloadFailure.Refused, $"the proxy refuses{route} ({e.Message})", e.StatusCode, e),
            HttpRequestError.SecureConnectionError => new DownloadException(
                address, DownloadFailure.Unreachable, $"there is no trustworthy connection{route} ({cause})", innerException: e),
            HttpRequestError.ConnectionError => new BrokenConnectionException($"there is no connection{route} ({cause})", innerException: e),
            _ => new BrokenConnectionException($"the connection broke{route} ({cause})", innerException: e),
        };
    }

    private string Route(Uri address) =>
        _proxy.GetProxy(address) is { } proxy && !proxy.Equals(address) ? $", by way of the proxy {proxy.Authority}" : "";
}

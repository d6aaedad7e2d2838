using System.Net;

namespace MLClassify.Common;

/// <summary>The system's proxy (<c>HTTPS_PROXY</c>, <c>NO_PROXY</c>, ...), but never for this machine itself.</summary>
/// <param name="proxy">The system's proxy.</param>
internal sealed class LocalBypass(IWebProxy proxy) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || proxy.IsBypassed(host);
}

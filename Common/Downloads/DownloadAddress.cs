namespace MLClassify.Common;

/// <summary>Which addresses may be downloaded from, and how they are displayed.</summary>
internal static class DownloadAddress
{
    /// <summary>The address for messages: without user name and password, and with control characters escaped.</summary>
    public static string Display(Uri address) => address.IsAbsoluteUri
        ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.PathAndQuery, UriFormat.UriEscaped)
        : address.ToString();

    /// <summary>Whether an address may be asked: https, or http on this machine.</summary>
    public static bool IsAllowed(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    /// <summary>Whether one address may send on to another: as <see cref="IsAllowed(Uri)"/>, and from elsewhere never to this machine.</summary>
    public static bool IsAllowed(Uri from, Uri to) => IsAllowed(to) && (from.IsLoopback || !to.IsLoopback);
}

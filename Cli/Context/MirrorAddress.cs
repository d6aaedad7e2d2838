namespace MLClassify.Cli;

/// <summary>The address of <c>--mirror</c>.</summary>
internal static class MirrorAddress
{
    /// <summary>Reads the address of a folder to fetch from.</summary>
    /// <param name="text">The address, with or without a slash at its end.</param>
    /// <exception cref="ArgumentException">It is no address, or neither https nor on this machine.</exception>
    public static Uri Parse(string text)
    {
        text = text.Trim();
        return Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out Uri? mirror)
            && (mirror.Scheme == Uri.UriSchemeHttps || (mirror.Scheme == Uri.UriSchemeHttp && mirror.IsLoopback))
            ? mirror
            : throw new ArgumentException($"--mirror is '{text}'; it must be an https address, or an http address on this machine.");
    }
}

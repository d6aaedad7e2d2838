namespace MLClassify.Common;

/// <summary>Tells from its first bytes what a file is not.</summary>
internal static class ContentSniffer
{
    private const int Bytes = 512;

    /// <summary>Whether a file begins as a web page does.</summary>
    public static bool IsPage(string path)
    {
        Span<byte> start = stackalloc byte[Bytes];
        using FileStream stream = File.OpenRead(path);
        start = start[..stream.ReadAtLeast(start, Bytes, throwOnEndOfStream: false)];
        string text = System.Text.Encoding.Latin1.GetString(start).TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\t', '\r', '\n');
        return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }
}

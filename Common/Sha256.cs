using System.Security.Cryptography;

namespace MLClassify.Common;

/// <summary>SHA-256 of files, as lower-case hex digits.</summary>
internal static class Sha256
{
    private const int Digits = 64;
    private const int FewestDigits = 8;
    private const int BufferBytes = 1 << 20;

    /// <summary>Whether a text is a SHA-256 or its beginning: 8 to 64 hex digits.</summary>
    /// <param name="text">The text.</param>
    public static bool IsPrefix(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is >= FewestDigits and <= Digits && text.All(char.IsAsciiHexDigit);
    }

    /// <summary>Whether a file's hash begins as expected, in either letter case.</summary>
    /// <param name="hash">The file's hash.</param>
    /// <param name="prefix">What is expected.</param>
    public static bool Matches(string hash, string prefix)
    {
        ArgumentNullException.ThrowIfNull(hash);
        ArgumentNullException.ThrowIfNull(prefix);
        return hash.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A file's hash.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>64 lower-case hex digits.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static async Task<string> OfFileAsync(string path, CancellationToken cancellationToken = default)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes, FileOptions.SequentialScan | FileOptions.Asynchronous);
        await using (stream.ConfigureAwait(false))
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
        }
    }
}

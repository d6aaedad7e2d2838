namespace MLClassify.Common;

/// <summary>What the environment says about fetching.</summary>
internal static class FetchSettings
{
    /// <summary>The environment variable that, set to anything but <c>0</c> or <c>false</c>, forbids the network.</summary>
    public const string OfflineVariable = "MLCLASSIFY_OFFLINE";

    /// <summary>Whether the network is forbidden.</summary>
    /// <param name="environment">Reads a variable; the process's own when null.</param>
    public static bool IsOffline(Func<string, string?>? environment = null)
    {
        string? text = (environment ?? Environment.GetEnvironmentVariable)(OfflineVariable)?.Trim();
        return !string.IsNullOrEmpty(text) && text != "0" && !text.Equals("false", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The address of a folder that a variable names, to fetch from instead of the official ones.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="environment">Reads a variable; the process's own when null.</param>
    /// <returns>The address; null where the variable is not set.</returns>
    /// <exception cref="ArgumentException">It is no address, or neither https nor on this machine.</exception>
    public static Uri? FindMirror(string variable, Func<string, string?>? environment = null)
    {
        string? text = (environment ?? Environment.GetEnvironmentVariable)(variable);
        return string.IsNullOrWhiteSpace(text) ? null : ParseMirror(text, variable);
    }

    /// <summary>Reads the address of a folder to fetch from.</summary>
    /// <param name="text">The address, with or without a slash at its end.</param>
    /// <param name="source">Where it was given, for the message.</param>
    /// <exception cref="ArgumentException">It is no address, or neither https nor on this machine.</exception>
    public static Uri ParseMirror(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        return Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out Uri? mirror) && DownloadAddress.IsAllowed(mirror)
            ? mirror
            : throw new ArgumentException($"{source} is '{text}'; it must be an https address, or an http address on this machine.");
    }
}

namespace MLClassify.Common;

/// <summary>Where the program keeps what it fetched for a user.</summary>
internal static class UserFolder
{
    /// <summary>The environment variable that says where; a folder named <c>MLClassify</c> in the user's local application data when unset.</summary>
    public const string Variable = "MLCLASSIFY_HOME";

    /// <summary>The folder; it need not exist.</summary>
    /// <param name="environment">Reads an environment variable; the process's own when null.</param>
    /// <returns>A full path.</returns>
    /// <exception cref="IOException">The variable is unset and the user has no such folder.</exception>
    public static string Find(Func<string, string?>? environment = null)
    {
        string? home = (environment ?? Environment.GetEnvironmentVariable)(Variable);
        if (!string.IsNullOrWhiteSpace(home))
        {
            return Path.GetFullPath(home);
        }

        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0
            ? Path.Combine(data, "MLClassify")
            : throw new IOException($"The user has no folder for application data; set {Variable} to a folder that may be written.");
    }
}

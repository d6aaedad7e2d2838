namespace MLClassify.Common;

/// <summary>Names from elsewhere that become names of files.</summary>
internal static class FileNames
{
    private const int Longest = 200;

    /// <summary>
    /// Whether a name stays in the folder it is put in, on every system: letters, digits, <c>. _ - +</c>, not beginning with a dot, at
    /// most 200 characters.
    /// </summary>
    /// <param name="name">The name.</param>
    public static bool IsPlain(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= Longest && name[0] != '.' && name[^1] != '.'
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+');
    }

    /// <summary>The path of a file in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The file's name.</param>
    /// <exception cref="ArgumentException">The name is not plain: it could lead elsewhere.</exception>
    public static string Combine(string folder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return IsPlain(name) ? Path.Combine(folder, name) : throw new ArgumentException($"'{name}' is not a plain file name.", nameof(name));
    }
}

namespace MLClassify.Cli.Commands;

/// <summary>Finds the images that a path on the command line stands for.</summary>
internal static class ImageFiles
{
    /// <summary>The file itself, or the images below a folder, sorted.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <exception cref="FileNotFoundException">There is neither.</exception>
    /// <exception cref="InvalidDatasetException">The folder holds no images.</exception>
    public static IEnumerable<string> Find(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new FileNotFoundException($"there is no file or folder {path}");
        }

        string[] files = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(ImageFolder.IsImage).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new InvalidDatasetException($"{path} holds no images");
    }
}

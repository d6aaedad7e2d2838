namespace MLClassify.Testing;

/// <summary>A new, empty folder, deleted with all that is in it at the end of the test.</summary>
public class TemporaryFolder : IDisposable
{
    /// <summary>Creates the folder.</summary>
    public TemporaryFolder() => Root = Directory.CreateTempSubdirectory("mlclassify-").FullName;

    /// <summary>The folder's full path.</summary>
    public string Root { get; }

    /// <summary>The full path of a file or folder in it, which need not exist.</summary>
    /// <param name="relative">Relative to <see cref="Root"/>, with forward slashes.</param>
    public string this[string relative] => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Creates files of one byte, with their folders.</summary>
    /// <param name="files">Relative paths.</param>
    /// <returns>This folder.</returns>
    public TemporaryFolder With(params string[] files)
    {
        foreach (string file in files)
        {
            string path = this[file];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, [1]);
        }

        return this;
    }

    /// <summary>The relative path of a file in the folder, with forward slashes.</summary>
    /// <param name="path">Its full path.</param>
    public string Relative(string path) => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Deletes the folder.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Deletes the folder.</summary>
    /// <param name="disposing">Always true: there is no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}

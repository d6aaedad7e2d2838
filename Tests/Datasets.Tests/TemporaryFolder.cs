namespace MLClassify.Datasets.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Root = Directory.CreateTempSubdirectory("mlclassify-").FullName;

    public string Root { get; }

    /// <summary>Creates files of one byte, with their folders.</summary>
    public TemporaryFolder With(params string[] files)
    {
        foreach (string file in files)
        {
            string path = PathOf(file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, [1]);
        }

        return this;
    }

    public string PathOf(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    public string Relative(string path) => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/');

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

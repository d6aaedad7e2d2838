namespace MLClassify.Reports.Tests.Support;

/// <summary>A folder of a test's own, removed at its end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("mlclassify-evaluation").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public string FullName => _path;

    public void Dispose() => Directory.Delete(_path, recursive: true);
}

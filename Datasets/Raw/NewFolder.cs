namespace MLClassify.Datasets;

/// <summary>
/// A folder that appears whole or not at all: it is written under a temporary name beside its place, and renamed. One that a killed
/// process left behind is named <c>.RANDOM.tmp</c> and may be removed.
/// </summary>
internal sealed class NewFolder : IDisposable
{
    private bool _isComplete;

    /// <summary>Begins.</summary>
    /// <param name="path">Where the folder will be.</param>
    /// <exception cref="IOException">There is something already.</exception>
    public NewFolder(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FinalPath = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        RequireFree(FinalPath);
        string parent = System.IO.Path.GetDirectoryName(FinalPath) ?? throw new IOException($"{FinalPath} cannot be made: it is a root");
        Path = System.IO.Path.Combine(parent, $".{System.IO.Path.GetRandomFileName()}.tmp");
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where it is written.</summary>
    public string Path { get; }

    /// <summary>Where it will be.</summary>
    public string FinalPath { get; }

    /// <summary>Refuses a place that is taken.</summary>
    /// <exception cref="IOException">There is a file, or a folder that is not empty.</exception>
    public static void RequireFree(string path)
    {
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
        {
            throw new IOException($"{path} is there already and not empty; nothing was changed");
        }
    }

    /// <summary>Gives the folder its name.</summary>
    /// <exception cref="IOException">Somebody else took it meanwhile.</exception>
    public void Complete()
    {
        RequireFree(FinalPath);
        if (Directory.Exists(FinalPath))
        {
            Directory.Delete(FinalPath);
        }

        Directory.Move(Path, FinalPath);
        _isComplete = true;
    }

    /// <summary>Removes what was written, unless it is complete.</summary>
    public void Dispose()
    {
        if (_isComplete)
        {
            return;
        }

        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that stopped the work is the one to report.
        }
    }
}

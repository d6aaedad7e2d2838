namespace MLClassify.Reports;

/// <summary>A folder that a run was to be written to holds one already, which stays as it is.</summary>
public sealed class RunExistsException : IOException
{
    /// <summary>Names the folder.</summary>
    /// <param name="folder">The folder.</param>
    public RunExistsException(string folder)
        : base($"{folder} holds an earlier run; name another folder, or replace the run") => Folder = folder;

    /// <summary>The folder.</summary>
    public string Folder { get; }
}

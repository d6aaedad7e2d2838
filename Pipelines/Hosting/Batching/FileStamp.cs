using MLClassify.Models;

namespace MLClassify.Hosting.Batching;

/// <summary>A version of a file, as far as the file system tells them apart.</summary>
internal readonly record struct FileStamp(string Path, DateTime Written, long Length)
{
    /// <summary>The version that is there now; null where there is none, or it cannot be seen.</summary>
    /// <param name="path">A model's file, or a run's folder.</param>
    public static FileStamp? Of(string path)
    {
        try
        {
            // What a symbolic link leads to: many deployments put a new model in place by changing one.
            var file = new FileInfo(ModelFile.FileOf(path));
            FileSystemInfo target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return target is FileInfo { Exists: true } found ? new FileStamp(found.FullName, found.LastWriteTimeUtc, found.Length) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidWeightsException)
        {
            return null;
        }
    }
}

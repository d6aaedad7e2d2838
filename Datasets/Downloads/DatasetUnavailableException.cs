using System.Globalization;

namespace MLClassify.Datasets;

/// <summary>A dataset's file is neither here nor could it be fetched. The message names it, where to get it, and where to put it.</summary>
public sealed class DatasetUnavailableException : IOException
{
    internal DatasetUnavailableException(DatasetDefinition dataset, DatasetFile file, string path, string reason, Exception? innerException = null)
        : base(Describe(dataset, file, path, reason), innerException) => Reason = reason;

    /// <summary>Why it could not be fetched, in a few words.</summary>
    public string Reason { get; }

    private static string Describe(DatasetDefinition dataset, DatasetFile file, string path, string reason)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(file);
        string size = string.Create(CultureInfo.InvariantCulture, $"{file.Bytes / 1048576.0:0.0} MiB");
        return $"{dataset.Name} is not here: {reason}. Get {file.Name} ({size}) from {file.Address} by other means, copy it to {path}, and try again.";
    }
}

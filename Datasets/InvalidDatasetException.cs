namespace MLClassify;

/// <summary>A folder or file does not hold a usable dataset. The message names it, what was found and what was expected.</summary>
public sealed class InvalidDatasetException : Exception
{
    /// <summary>Describes the problem.</summary>
    /// <param name="message">What was found where, and what was expected.</param>
    /// <param name="innerException">The cause, if any.</param>
    public InvalidDatasetException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the folder holds a raw dataset, which <c>RawDataset.WriteFolder</c> turns into a folder of images. Default false.</summary>
    public bool IsRawDataset { get; init; }
}

namespace MLClassify.MLNet;

/// <summary>How a row whose image cannot be read is handled: no path, no such file, a damaged or unsupported one.</summary>
public enum UnreadableImages
{
    /// <summary>
    /// Its numbers are NaN and its predicted label is missing, as ML.NET's own components mark values that are not there: evaluators leave
    /// such rows out and count them, most trainers leave them out (LightGBM's takes missing features as such; ML.NET 5.0).
    /// </summary>
    Missing,

    /// <summary>Reading the row throws an <see cref="InvalidDataException"/> that names the row, the image and the reason.</summary>
    Throw,
}

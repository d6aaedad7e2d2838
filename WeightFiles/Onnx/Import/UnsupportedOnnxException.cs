namespace MLClassify.WeightFiles.Onnx;

/// <summary>
/// A valid ONNX model uses what this library has no counterpart for. The message lists everything that it found, not only the first.
/// </summary>
public sealed class UnsupportedOnnxException : NotSupportedException
{
    private const int MaximumListed = 64;

    /// <summary>Describes what is unsupported.</summary>
    /// <param name="file">The file.</param>
    /// <param name="features">What is unsupported, each once.</param>
    public UnsupportedOnnxException(string file, IReadOnlyList<string> features)
        : base(Describe(file, features))
    {
        File = file;
        Features = features;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>What is unsupported, each once: operators, and uses of operators.</summary>
    public IReadOnlyList<string> Features { get; }

    private static string Describe(string file, IReadOnlyList<string> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        string more = features.Count > MaximumListed ? FormattableString.Invariant($"; and {features.Count - MaximumListed} more") : "";
        return $"{file}: the model uses what is not supported: {string.Join("; ", features.Take(MaximumListed).Select(InvalidWeightsException.Shorten))}{more}.";
    }
}

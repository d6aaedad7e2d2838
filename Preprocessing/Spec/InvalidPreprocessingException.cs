namespace MLClassify;

/// <summary>
/// A stored preprocessing spec is damaged or asks for something unknown. The message says what was found and what was expected.
/// </summary>
public sealed class InvalidPreprocessingException : Exception
{
    /// <summary>Describes the problem.</summary>
    /// <param name="problem">What was found and what was expected.</param>
    /// <param name="innerException">The cause, if any.</param>
    public InvalidPreprocessingException(string problem, Exception? innerException = null)
        : base($"preprocessing: {problem}", innerException)
    {
    }
}

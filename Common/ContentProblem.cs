namespace MLClassify.Common;

/// <summary>
/// Makes the exception for content that is damaged or hostile. Who reads a file of one kind says by this how its problems are reported;
/// the readers of pickles and zips know no kind.
/// </summary>
/// <param name="problem">What is wrong, in a few words.</param>
/// <param name="offset">The byte offset in the file, or null.</param>
/// <param name="expected">What was expected, or null.</param>
/// <param name="found">What was found, or null.</param>
/// <param name="cause">The exception behind it, or null.</param>
internal delegate Exception ContentProblem(
    string problem, long? offset = null, string? expected = null, string? found = null, Exception? cause = null);

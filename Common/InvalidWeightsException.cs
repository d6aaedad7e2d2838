using System.Globalization;
using System.Text;
using MLClassify.Common;

namespace MLClassify;

/// <summary>
/// A weight or model file's content is damaged, or does not fit the network. The message names the file, the tensor or the place, what
/// was found, and what was expected.
/// </summary>
public sealed class InvalidWeightsException : Exception
{
    /// <summary>Describes the problem.</summary>
    /// <param name="file">The file.</param>
    /// <param name="problem">What is wrong, in a few words.</param>
    /// <param name="tensor">The tensor that it concerns, or null.</param>
    /// <param name="offset">The byte offset in the file, or null.</param>
    /// <param name="expected">What was expected, or null.</param>
    /// <param name="found">What was found, or null.</param>
    /// <param name="innerException">The cause, if any.</param>
    public InvalidWeightsException(
        string file,
        string problem,
        string? tensor = null,
        long? offset = null,
        string? expected = null,
        string? found = null,
        Exception? innerException = null)
        : base(Describe(file, problem, tensor, offset, expected, found), innerException)
    {
        File = file;
        Tensor = tensor;
        Offset = offset;
        Expected = expected;
        Found = found;
    }

    private InvalidWeightsException(string file, string message)
        : base(message) => File = file;

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>What kind of problem it is. Default <see cref="InvalidWeightsReason.Content"/>.</summary>
    public InvalidWeightsReason Reason { get; init; }

    /// <summary>The tensor that it concerns, or null.</summary>
    public string? Tensor { get; }

    /// <summary>The byte offset in the file, or null.</summary>
    public long? Offset { get; }

    /// <summary>What was expected, or null.</summary>
    public string? Expected { get; }

    /// <summary>What was found, or null.</summary>
    public string? Found { get; }

    /// <summary>A file that is whole but of another network.</summary>
    /// <param name="file">The file.</param>
    /// <param name="message">The whole message.</param>
    internal static InvalidWeightsException ForMismatch(string file, string message) => new(file, message);

    /// <summary>How the readers of pickles and zips report problems of a weight file.</summary>
    /// <param name="file">The file.</param>
    internal static ContentProblem In(string file) =>
        (problem, offset, expected, found, cause) => new InvalidWeightsException(file, problem, null, offset, expected, found, cause);

    /// <summary>A name from a file, made fit for one line of a message.</summary>
    /// <param name="text">The name.</param>
    internal static string Shorten(string text)
    {
        string line = string.Concat(text.Take(120).Select(c => char.IsControl(c) ? '?' : c));
        return text.Length > 120 ? line + "..." : line;
    }

    private static string Describe(string file, string problem, string? tensor, long? offset, string? expected, string? found)
    {
        var text = new StringBuilder(file).Append(": ");
        if (tensor is not null)
        {
            text.Append("tensor '").Append(Shorten(tensor)).Append("': ");
        }

        text.Append(problem);
        if (offset is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $" at byte {offset}");
        }

        string separator = ": ";
        if (expected is not null)
        {
            text.Append(separator).Append("expected ").Append(expected);
            separator = ", ";
        }

        if (found is not null)
        {
            text.Append(separator).Append("found ").Append(Shorten(found));
        }

        return text.Append('.').ToString();
    }
}

using System.Globalization;

namespace MLClassify.Reports;

/// <summary>Reads a text file of bounded size.</summary>
internal static class BoundedText
{
    /// <exception cref="InvalidDataException">The file is larger than <paramref name="limit"/> bytes.</exception>
    public static string Read(string path, long limit)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length > limit)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"{path}: found {stream.Length} bytes, expected at most {limit}"));
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

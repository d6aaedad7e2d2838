using System.Globalization;

namespace MLClassify.Imaging;

/// <summary>The texts of errors about images.</summary>
internal static class ImageErrors
{
    public static string Describe(string? format, string problem, long offset)
    {
        string where = offset < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" at byte {offset}");
        return $"{format ?? "image"}{where}: {problem}";
    }

    public static string WithFile(string? file, string problem) => file is null ? problem : $"{file}: {problem}";

    /// <summary>Why an image cannot be read, for a place that names the file itself.</summary>
    /// <param name="error">What decoding threw.</param>
    public static string Reason(Exception error) => error switch
    {
        InvalidImageException invalid => invalid.Problem,
        UnsupportedImageException unsupported => unsupported.Problem,
        _ => error.Message,
    };
}

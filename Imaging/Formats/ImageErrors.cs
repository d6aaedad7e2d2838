using System.Globalization;

namespace MLClassify.Imaging;

internal static class ImageErrors
{
    public static string Describe(string? format, string problem, long offset)
    {
        string where = offset < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" at byte {offset}");
        return $"{format ?? "image"}{where}: {problem}";
    }
}

using System.Globalization;

namespace MLClassify.Imaging.Gif;

internal static class GifErrors
{
    public const string Format = "GIF";

    public static InvalidImageException Truncated(FormattableString problem, long offset) =>
        new(Format, problem.ToString(CultureInfo.InvariantCulture), offset) { IsTruncated = true };

    public static InvalidImageException Invalid(FormattableString problem, long offset) =>
        new(Format, problem.ToString(CultureInfo.InvariantCulture), offset);
}

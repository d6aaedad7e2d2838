using System.Globalization;

namespace MLClassify.Imaging.Png;

internal static class PngErrors
{
    public const string Format = "PNG";

    public static InvalidImageException Truncated(FormattableString problem, long offset) =>
        new(Format, problem.ToString(CultureInfo.InvariantCulture), offset) { IsTruncated = true };

    public static InvalidImageException Invalid(FormattableString problem, long offset, Exception? cause = null) =>
        new(Format, problem.ToString(CultureInfo.InvariantCulture), offset, cause);

    public static UnsupportedImageException Unsupported(FormattableString feature, long offset) =>
        new(Format, feature.ToString(CultureInfo.InvariantCulture), offset);
}

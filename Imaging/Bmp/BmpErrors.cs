using System.Globalization;

namespace MLClassify.Imaging.Bmp;

internal static class BmpErrors
{
    public const string Format = "BMP";

    public static InvalidImageException Truncated(FormattableString problem, long offset) =>
        new(Format, problem.ToString(CultureInfo.InvariantCulture), offset) { IsTruncated = true };

    public static InvalidImageException Invalid(FormattableString problem, long offset) =>
        new(Format, problem.ToString(CultureInfo.InvariantCulture), offset);

    public static UnsupportedImageException Unsupported(FormattableString feature, long offset) =>
        new(Format, feature.ToString(CultureInfo.InvariantCulture), offset);
}

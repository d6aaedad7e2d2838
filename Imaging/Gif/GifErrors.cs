using System.Globalization;

namespace MLClassify.Imaging.Gif;

internal static class GifErrors
{
    public const string Format = "GIF";

    public static InvalidImageException Invalid(FormattableString problem, long offset) =>
        new(Format, problem.ToString(CultureInfo.InvariantCulture), offset);
}

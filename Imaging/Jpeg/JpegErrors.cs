using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace MLClassify.Imaging.Jpeg;

/// <summary>Throws the errors of a decoder, with the place in the file.</summary>
internal static class JpegErrors
{
    private const string Format = "JPEG";

    [DoesNotReturn]
    public static void ThrowInvalid(DefaultInterpolatedStringHandler problem, long offset) =>
        throw new InvalidImageException(Format, string.Create(CultureInfo.InvariantCulture, ref problem), offset);

    [DoesNotReturn]
    public static void ThrowTooLarge(DefaultInterpolatedStringHandler problem, long offset) =>
        throw new InvalidImageException(Format, string.Create(CultureInfo.InvariantCulture, ref problem), offset) { IsTooLarge = true };

    [DoesNotReturn]
    public static void ThrowUnsupported(string feature, long offset) => throw new UnsupportedImageException(Format, feature, offset);

    [DoesNotReturn]
    public static void ThrowTooShort(DefaultInterpolatedStringHandler problem, long offset) =>
        throw new InvalidImageException(Format, string.Create(CultureInfo.InvariantCulture, ref problem), offset) { IsTruncated = true };

    [DoesNotReturn]
    public static void ThrowTruncated(string where, long length) =>
        throw new InvalidImageException(Format, $"the file ends inside {where}; it is truncated", length) { IsTruncated = true };
}

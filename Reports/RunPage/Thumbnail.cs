using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;
using MLClassify.Imaging.Resizing;

namespace MLClassify.Reports;

/// <summary>A small copy of an image as a data address, or the reason why there is none.</summary>
/// <param name="Data">The JPEG as a <c>data:</c> address; null where the file cannot be shown.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Problem">Why there is none, without the file's path.</param>
internal sealed record Thumbnail(string? Data, int Width, int Height, string? Problem)
{
    /// <summary>The longer side, in pixels.</summary>
    public const int LargestSide = 160;

    private static readonly JpegEncoderOptions Encoding = new() { Quality = 80 };

    /// <summary>Reads an image and shrinks it, never enlarges it. Whatever is wrong with it becomes <see cref="Problem"/>.</summary>
    /// <param name="load">Reads and decodes the image.</param>
    public static Thumbnail Of(Func<Image> load)
    {
        try
        {
            Image image = load();
            double scale = Math.Min(1, (double)LargestSide / Math.Max(image.Width, image.Height));
            int width = Math.Max(1, (int)Math.Round(image.Width * scale));
            int height = Math.Max(1, (int)Math.Round(image.Height * scale));
            Image small = scale < 1 ? ImageResizer.Resize(image, width, height) : image;
            return new Thumbnail($"data:image/jpeg;base64,{Convert.ToBase64String(JpegEncoder.Encode(small, Encoding))}", width, height, null);
        }
        catch (Exception e) when (e is InvalidImageException or UnsupportedImageException)
        {
            return Missing(ImageErrors.Reason(e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Missing("the file cannot be read any more");
        }
        catch (OutOfMemoryException)
        {
            return Missing("the image is too large");
        }
    }

    private static Thumbnail Missing(string problem) => new(null, 0, 0, problem);
}

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLClassify.Imaging.Jpeg;

/// <summary>
/// Turns rows of samples into RGB. YCbCr follows JFIF 1.02 (ITU-R BT.601, full range) in 16-bit fixed point; all widths give the same bits.
/// </summary>
internal static unsafe partial class ColorConverter
{
    private const int RoundingHalf = 1 << 15;

    // The factors of BT.601 times 2^16.
    private const int RedFromCr = 91881;
    private const int BlueFromCb = 116130;
    private const int GreenFromCb = -22554;
    private const int GreenFromCr = -46802;

    /// <summary>Converts one row.</summary>
    /// <param name="space">What the components mean.</param>
    /// <param name="rows">A pointer per component; each readable for <see cref="SamplePlane.Slack"/> bytes beyond the width.</param>
    /// <param name="rgb">The row of the image: exactly 3 x <paramref name="width"/> bytes are written.</param>
    /// <param name="width">Pixels.</param>
    public static void ConvertRow(JpegColorSpace space, byte** rows, byte* rgb, int width)
    {
        switch (space)
        {
            case JpegColorSpace.Gray:
                Interleave(rows[0], rows[0], rows[0], rgb, width);
                break;
            case JpegColorSpace.Rgb:
                Interleave(rows[0], rows[1], rows[2], rgb, width);
                break;
            case JpegColorSpace.YCbCr:
                ConvertYCbCr(rows[0], rows[1], rows[2], rgb, width);
                break;
            case JpegColorSpace.Cmyk:
                ConvertCmyk(rows[0], rows[1], rows[2], rows[3], rgb, width);
                break;
            default:
                ConvertYcck(rows[0], rows[1], rows[2], rows[3], rgb, width);
                break;
        }
    }

    public static void YCbCrScalar(byte* y, byte* cb, byte* cr, byte* rgb, int width)
    {
        for (int x = 0; x < width; x++)
        {
            (rgb[3 * x], rgb[(3 * x) + 1], rgb[(3 * x) + 2]) = ToRgb(y[x], cb[x], cr[x]);
        }
    }

    public static void InterleaveScalar(byte* red, byte* green, byte* blue, byte* rgb, int width)
    {
        for (int x = 0; x < width; x++)
        {
            rgb[3 * x] = red[x];
            rgb[(3 * x) + 1] = green[x];
            rgb[(3 * x) + 2] = blue[x];
        }
    }

    private static void ConvertYCbCr(byte* y, byte* cb, byte* cr, byte* rgb, int width)
    {
        if (width < PixelsPerStep || !Vector128.IsHardwareAccelerated)
        {
            YCbCrScalar(y, cb, cr, rgb, width);
        }
        else if (Avx2.IsSupported)
        {
            YCbCr<Lanes256, Vector256<short>, Vector256<int>>(y, cb, cr, rgb, width);
        }
        else
        {
            YCbCr<Lanes128, Vector128<short>, Vector128<int>>(y, cb, cr, rgb, width);
        }
    }

    private static void Interleave(byte* red, byte* green, byte* blue, byte* rgb, int width)
    {
        if (width < PixelsPerStep || !Vector128.IsHardwareAccelerated)
        {
            InterleaveScalar(red, green, blue, rgb, width);
        }
        else
        {
            InterleaveVector(red, green, blue, rgb, width);
        }
    }

    /// <summary>
    /// Adobe's programs store four inks inverted, so a sample is the share of light that an ink lets through: Pillow takes every four-component
    /// file so, and multiplies with its rounding.
    /// </summary>
    private static void ConvertCmyk(byte* cyan, byte* magenta, byte* yellow, byte* black, byte* rgb, int width)
    {
        for (int x = 0; x < width; x++)
        {
            rgb[3 * x] = Ink(cyan[x], black[x]);
            rgb[(3 * x) + 1] = Ink(magenta[x], black[x]);
            rgb[(3 * x) + 2] = Ink(yellow[x], black[x]);
        }
    }

    /// <summary>YCCK is CMYK whose first three inks are coded as YCbCr of their complement.</summary>
    private static void ConvertYcck(byte* y, byte* cb, byte* cr, byte* black, byte* rgb, int width)
    {
        for (int x = 0; x < width; x++)
        {
            (byte red, byte green, byte blue) = ToRgb(y[x], cb[x], cr[x]);
            rgb[3 * x] = Ink((byte)(255 - red), black[x]);
            rgb[(3 * x) + 1] = Ink((byte)(255 - green), black[x]);
            rgb[(3 * x) + 2] = Ink((byte)(255 - blue), black[x]);
        }
    }

    private static byte Ink(byte sample, byte black)
    {
        int product = ((255 - sample) * black) + 128;
        return (byte)(black - (((product >> 8) + product) >> 8));
    }

    private static (byte Red, byte Green, byte Blue) ToRgb(int y, int cb, int cr)
    {
        cb -= 128;
        cr -= 128;
        int red = y + (((cr * RedFromCr) + RoundingHalf) >> 16);
        int green = y + (((cb * GreenFromCb) + (cr * GreenFromCr) + RoundingHalf) >> 16);
        int blue = y + (((cb * BlueFromCb) + RoundingHalf) >> 16);
        return ((byte)Math.Clamp(red, 0, 255), (byte)Math.Clamp(green, 0, 255), (byte)Math.Clamp(blue, 0, 255));
    }
}

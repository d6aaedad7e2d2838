using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLClassify.Imaging.Jpeg;

internal static unsafe partial class ColorConverter
{
    /// <summary>Pixels that the vector loops convert at a time: 48 bytes of RGB. The last step overlaps the one before.</summary>
    public const int PixelsPerStep = 16;

    /// <summary>Converts a row of at least <see cref="PixelsPerStep"/> pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void YCbCr<TLanes, TShort, TInt>(byte* y, byte* cb, byte* cr, byte* rgb, int width)
        where TLanes : ILanes<TShort, TInt>
    {
        for (int x = 0; x < width; x += PixelsPerStep)
        {
            int at = Math.Min(x, width - PixelsPerStep);
            ToRgb<TLanes, TShort, TInt>(y + at, cb + at, cr + at, out TShort red, out TShort green, out TShort blue);
            if (TLanes.Count == PixelsPerStep)
            {
                StoreRgb(TLanes.ToBytes(red, red), TLanes.ToBytes(green, green), TLanes.ToBytes(blue, blue), rgb + (3 * at));
                continue;
            }

            int next = at + TLanes.Count;
            ToRgb<TLanes, TShort, TInt>(y + next, cb + next, cr + next, out TShort red2, out TShort green2, out TShort blue2);
            StoreRgb(TLanes.ToBytes(red, red2), TLanes.ToBytes(green, green2), TLanes.ToBytes(blue, blue2), rgb + (3 * at));
        }
    }

    /// <summary>Interleaves a row of at least <see cref="PixelsPerStep"/> pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InterleaveVector(byte* red, byte* green, byte* blue, byte* rgb, int width)
    {
        for (int x = 0; x < width; x += PixelsPerStep)
        {
            int at = Math.Min(x, width - PixelsPerStep);
            StoreRgb(Vector128.Load(red + at), Vector128.Load(green + at), Vector128.Load(blue + at), rgb + (3 * at));
        }
    }

    /// <summary>
    /// The products of <see cref="ToRgb(int, int, int)"/> in 16 bits. The factor of a doubled value is halved after the high product with rounding,
    /// which equals one rounding of the exact product; what exceeds a signed 16-bit factor is added as whole multiples.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ToRgb<TLanes, TShort, TInt>(byte* ys, byte* cbs, byte* crs, out TShort red, out TShort green, out TShort blue)
        where TLanes : ILanes<TShort, TInt>
    {
        TShort bias = TLanes.Create(128);
        TShort y = TLanes.LoadBytes(ys);
        TShort cb = TLanes.Subtract(TLanes.LoadBytes(cbs), bias);
        TShort cr = TLanes.Subtract(TLanes.LoadBytes(crs), bias);
        TShort cb2 = TLanes.Add(cb, cb);
        TShort cr2 = TLanes.Add(cr, cr);

        TShort one = TLanes.Create(1);
        TShort redPart = TLanes.MultiplyHigh(cr2, TLanes.Create(RedFromCr - 65536));
        redPart = TLanes.ShiftRightArithmetic(TLanes.Add(redPart, one), 1);
        red = TLanes.Add(TLanes.Add(y, cr), redPart);

        TShort bluePart = TLanes.MultiplyHigh(cb2, TLanes.Create(BlueFromCb - 131072));
        bluePart = TLanes.ShiftRightArithmetic(TLanes.Add(bluePart, one), 1);
        blue = TLanes.Add(TLanes.Add(y, cb2), bluePart);

        TShort factors = TLanes.CreatePairs(GreenFromCb, GreenFromCr + 65536);
        TInt half = TLanes.CreateInt(RoundingHalf);
        TInt low = TLanes.Add(TLanes.MultiplyAdd(TLanes.UnpackLow(cb, cr), factors), half);
        TInt high = TLanes.Add(TLanes.MultiplyAdd(TLanes.UnpackHigh(cb, cr), factors), half);
        TShort greenPart = TLanes.Pack(TLanes.ShiftRightArithmetic(low, 16), TLanes.ShiftRightArithmetic(high, 16));
        green = TLanes.Add(TLanes.Subtract(y, cr), greenPart);
    }

    /// <summary>Stores 16 pixels, 48 bytes. An index of 255 selects zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRgb(Vector128<byte> red, Vector128<byte> green, Vector128<byte> blue, byte* rgb)
    {
        Vector128<byte> first =
            Shuffle(red, Vector128.Create((byte)0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255, 255, 5))
            | Shuffle(green, Vector128.Create(255, 0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255, 255))
            | Shuffle(blue, Vector128.Create(255, 255, 0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255));
        Vector128<byte> second =
            Shuffle(red, Vector128.Create(255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255, 10, 255))
            | Shuffle(green, Vector128.Create(5, 255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255, 10))
            | Shuffle(blue, Vector128.Create(255, 5, 255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255));
        Vector128<byte> third =
            Shuffle(red, Vector128.Create(255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15, 255, 255))
            | Shuffle(green, Vector128.Create(255, 255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15, 255))
            | Shuffle(blue, Vector128.Create(10, 255, 255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15));
        first.Store(rgb);
        second.Store(rgb + 16);
        third.Store(rgb + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Shuffle(Vector128<byte> source, Vector128<byte> indices) =>
        Ssse3.IsSupported ? Ssse3.Shuffle(source, indices) : Vector128.Shuffle(source, indices);
}

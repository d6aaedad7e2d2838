using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace MLClassify.Imaging.Png;

/// <summary>
/// The Paeth filter (PNG, third edition, section 9.4). Encoders choose it for most rows of a photo, so nothing here branches on pixels.
/// </summary>
internal static partial class PngUnfilter
{
    private const int PixelLoad = 8;

    private static void Paeth(Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        above = above[..row.Length];
        int first = Math.Min(distance, row.Length);

        // Left and upper left of the first pixel are zero, and then the predictor is the byte above.
        for (int i = 0; i < first; i++)
        {
            row[i] += above[i];
        }

        int restored = first;
        if (Vector128.IsHardwareAccelerated && distance > 1 && row.Length >= PixelLoad)
        {
            restored = PaethPixels(row, above, distance);
        }

        for (int i = restored; i < row.Length; i++)
        {
            row[i] += (byte)Predict(row[i - distance], above[i], above[i - distance]);
        }
    }

    // A pixel at a time, its bytes in 16-bit lanes 0 to distance - 1; the lanes above hold bytes of the next pixel and are never stored.
    // Each load takes 8 bytes, which the loop's bound keeps inside both rows. Gives the first byte that is left to do.
    private static int PaethPixels(Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        Vector128<short> left = Load(row, 0);
        Vector128<short> upperLeft = Load(above, 0);
        int i = distance;
        for (; i <= row.Length - PixelLoad; i += distance)
        {
            Vector128<short> up = Load(above, i);
            Vector128<short> toLeft = up - upperLeft;
            Vector128<short> toUp = left - upperLeft;
            Vector128<short> toUpperLeft = Vector128.Abs(toLeft + toUp);
            toLeft = Vector128.Abs(toLeft);
            toUp = Vector128.Abs(toUp);

            // Ties prefer left, then up, then upper left.
            Vector128<short> nearest = Vector128.ConditionalSelect(Vector128.LessThan(toUp, toLeft), up, left);
            nearest = Vector128.ConditionalSelect(Vector128.LessThan(toUpperLeft, Vector128.Min(toLeft, toUp)), upperLeft, nearest);
            left = (Load(row, i) + nearest) & Vector128.Create((short)0xFF);
            Store(left, row[i..], distance);
            upperLeft = up;
        }

        return i;
    }

    private static Vector128<short> Load(ReadOnlySpan<byte> bytes, int index) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(BinaryPrimitives.ReadUInt64LittleEndian(bytes[index..])).AsByte()).AsInt16();

    private static void Store(Vector128<short> pixel, Span<byte> row, int distance)
    {
        ulong bytes = Vector128.Narrow(pixel.AsUInt16(), pixel.AsUInt16()).AsUInt64().ToScalar();
        switch (distance)
        {
            case 2:
                BinaryPrimitives.WriteUInt16LittleEndian(row, (ushort)bytes);
                break;
            case 3:
                row[2] = (byte)(bytes >> 16);
                BinaryPrimitives.WriteUInt16LittleEndian(row, (ushort)bytes);
                break;
            case 4:
                BinaryPrimitives.WriteUInt32LittleEndian(row, (uint)bytes);
                break;
            case 6:
                BinaryPrimitives.WriteUInt16LittleEndian(row[4..], (ushort)(bytes >> 32));
                BinaryPrimitives.WriteUInt32LittleEndian(row, (uint)bytes);
                break;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(row, bytes);
                break;
        }
    }

    // The neighbor nearest to left + up - upperLeft. A sign shifted down is a mask of ones or zeros.
    private static int Predict(int left, int up, int upperLeft)
    {
        int toLeft = Magnitude(up - upperLeft);
        int toUp = Magnitude(left - upperLeft);
        int toUpperLeft = Magnitude(left + up - (2 * upperLeft));
        int upIsNearer = (toUp - toLeft) >> 31;
        int nearest = left ^ ((left ^ up) & upIsNearer);
        int upperLeftIsNearest = ((toUpperLeft - toLeft) & (toUpperLeft - toUp)) >> 31;
        return nearest ^ ((nearest ^ upperLeft) & upperLeftIsNearest);
    }

    // Math.Abs branches, and noise makes the branch unpredictable.
    private static int Magnitude(int value) => (value ^ (value >> 31)) - (value >> 31);
}

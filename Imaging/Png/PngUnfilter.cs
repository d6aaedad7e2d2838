using System.Numerics;
using System.Runtime.InteropServices;

namespace MLClassify.Imaging.Png;

/// <summary>Undoes the row filters (PNG, third edition, section 9.2). All sums are modulo 256.</summary>
internal static partial class PngUnfilter
{
    public const int FilterCount = 5;

    /// <summary>Restores one row in place.</summary>
    /// <param name="filter">The filter type, 0 to 4.</param>
    /// <param name="row">The filtered row without its filter byte.</param>
    /// <param name="above">The restored row above, as long as <paramref name="row"/>; zeros above the first.</param>
    /// <param name="distance">Bytes to the pixel on the left, 1 to 8.</param>
    public static void Apply(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        switch (filter)
        {
            case 1:
                Sub(row, distance);
                break;
            case 2:
                Up(row, above);
                break;
            case 3:
                Average(row, above, distance);
                break;
            case 4:
                Paeth(row, above, distance);
                break;
        }
    }

    private static void Sub(Span<byte> row, int distance)
    {
        for (int i = distance; i < row.Length; i++)
        {
            row[i] += row[i - distance];
        }
    }

    private static void Up(Span<byte> row, ReadOnlySpan<byte> above)
    {
        above = above[..row.Length];

        // Whole vectors only, so every load and store lies inside both spans; the loop below takes the fewer than Count bytes left.
        Span<Vector<byte>> rowVectors = MemoryMarshal.Cast<byte, Vector<byte>>(row);
        ReadOnlySpan<Vector<byte>> aboveVectors = MemoryMarshal.Cast<byte, Vector<byte>>(above);
        for (int i = 0; i < rowVectors.Length; i++)
        {
            rowVectors[i] += aboveVectors[i];
        }

        for (int i = rowVectors.Length * Vector<byte>.Count; i < row.Length; i++)
        {
            row[i] += above[i];
        }
    }

    private static void Average(Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        above = above[..row.Length];
        int first = Math.Min(distance, row.Length);
        for (int i = 0; i < first; i++)
        {
            row[i] += (byte)(above[i] >> 1);
        }

        for (int i = distance; i < row.Length; i++)
        {
            row[i] += (byte)((row[i - distance] + above[i]) >> 1);
        }
    }
}

using System.Runtime.CompilerServices;

namespace MLClassify.Imaging.Jpeg;

internal sealed unsafe partial class Upsampler
{
    /// <summary>Vertical part: <c>3 * near + far</c>, or the samples themselves where <paramref name="far"/> is null.</summary>
    /// <param name="near">The nearer row; readable to the next multiple of the lanes.</param>
    /// <param name="far">The other row, or null.</param>
    /// <param name="sums">Written to the next multiple of the lanes, with the first and last value repeated outside.</param>
    /// <param name="count">Samples in the rows, at least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumRows<TLanes, TShort, TInt>(byte* near, byte* far, short* sums, int count)
        where TLanes : ILanes<TShort, TInt>
    {
        TShort three = TLanes.Create(3);
        for (int i = 0; i < count; i += TLanes.Count)
        {
            TShort sum = TLanes.LoadBytes(near + i);
            if (far != null)
            {
                sum = TLanes.Add(TLanes.MultiplyLow(sum, three), TLanes.LoadBytes(far + i));
            }

            TLanes.Store(sums + i, sum);
        }

        sums[-1] = sums[0];
        sums[count] = sums[count - 1];
    }

    /// <summary>As <see cref="SumRows"/>, one value at a time.</summary>
    public static void SumRowsScalar(byte* near, byte* far, short* sums, int count)
    {
        for (int i = 0; i < count; i++)
        {
            sums[i] = (short)(far == null ? near[i] : (near[i] * 3) + far[i]);
        }

        sums[-1] = sums[0];
        sums[count] = sums[count - 1];
    }

    /// <summary>Horizontal part: two samples from each sum, leaning to the left and to the right neighbor.</summary>
    /// <param name="sums">Sums with one more before and behind; readable to the next multiple of the lanes and one more.</param>
    /// <param name="output">Twice as many samples; written to the next multiple of twice the lanes.</param>
    /// <param name="count">Number of sums.</param>
    /// <param name="evenBias">Added before the shift in even columns.</param>
    /// <param name="oddBias">Added before the shift in odd columns.</param>
    /// <param name="shift">Two bits for each direction that is interpolated. A sample stays below 256, so two of them share a lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ExpandSums<TLanes, TShort, TInt>(short* sums, byte* output, int count, int evenBias, int oddBias, int shift)
        where TLanes : ILanes<TShort, TInt>
    {
        TShort three = TLanes.Create(3);
        TShort even = TLanes.Create(evenBias);
        TShort odd = TLanes.Create(oddBias);
        for (int i = 0; i < count; i += TLanes.Count)
        {
            TShort center = TLanes.MultiplyLow(TLanes.Load(sums + i), three);
            TShort left = TLanes.Add(TLanes.Add(center, even), TLanes.Load(sums + i - 1));
            TShort right = TLanes.Add(TLanes.Add(center, odd), TLanes.Load(sums + i + 1));
            left = TLanes.ShiftRightArithmetic(left, shift);
            right = TLanes.ShiftRightArithmetic(right, shift);
            TLanes.Store((short*)(output + (2 * i)), TLanes.Or(left, TLanes.ShiftLeft(right, 8)));
        }
    }

    /// <summary>As <see cref="ExpandSums"/>, one value at a time.</summary>
    public static void ExpandSumsScalar(short* sums, byte* output, int count, int evenBias, int oddBias, int shift)
    {
        for (int i = 0; i < count; i++)
        {
            int center = sums[i] * 3;
            output[2 * i] = (byte)((center + sums[i - 1] + evenBias) >> shift);
            output[(2 * i) + 1] = (byte)((center + sums[i + 1] + oddBias) >> shift);
        }
    }
}

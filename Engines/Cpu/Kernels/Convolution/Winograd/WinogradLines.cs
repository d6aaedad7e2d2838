using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;

namespace MLClassify.Engines.Cpu.Kernels.Convolution.Winograd;

/// <summary>
/// The one-dimensional transforms of Winograd's minimal filtering (Lavin and Gray 2015, arXiv:1509.09308) at the points 0, plus and minus
/// the root of 1/2, plus and minus the root of 2, and infinity. Points whose squares are reciprocal keep the constants small: in
/// single precision the result is as close to the exact one as a direct sum is (1e-5 of the outputs' root mean square at worst, where
/// the usual points 0, 1, -1, 2, -2 give 3e-5).
/// </summary>
internal static unsafe class WinogradLines<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public const int Points = 6;

    private const float A = 0.70710678118654752f;
    private const float B = 1.4142135623730950f;
    private const float A2 = 0.5f;
    private const float B2 = 2f;
    private const float A3 = A2 * A;
    private const float B3 = B2 * B;
    private const float A4 = 0.25f;
    private const float B4 = 4f;
    private const float FactorA = 1 / (2 * A2 * (A2 - B2));
    private const float FactorB = 1 / (2 * B2 * (B2 - A2));

    /// <summary>What a transformed filter is multiplied by at a point, so that the inputs' transform needs no factors.</summary>
    public static ReadOnlySpan<float> Factors => [1, FactorA, FactorA, FactorB, FactorB, 1];

    /// <summary>Six inputs to six points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(TVector x0, TVector x1, TVector x2, TVector x3, TVector x4, TVector x5, float* y, nint step)
    {
        TVector sum = TSimd.Broadcast(-(A2 + B2));
        TSimd.Store(TSimd.MultiplyAdd(sum, x2, TSimd.Add(x0, x4)), y);
        TVector even = TSimd.MultiplyAdd(TSimd.Broadcast(-B2), x2, x4);
        TVector odd = TSimd.MultiplyAdd(TSimd.Broadcast(-B2), x1, x3);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(A), odd, even), y + step);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(-A), odd, even), y + (2 * step));
        even = TSimd.MultiplyAdd(TSimd.Broadcast(-A2), x2, x4);
        odd = TSimd.MultiplyAdd(TSimd.Broadcast(-A2), x1, x3);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(B), odd, even), y + (3 * step));
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(-B), odd, even), y + (4 * step));
        TSimd.Store(TSimd.MultiplyAdd(sum, x3, TSimd.Add(x1, x5)), y + (5 * step));
    }

    /// <summary>The values at the six points of the polynomial whose <paramref name="count"/> coefficients, 2 to 5, lie a step apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Evaluate(int count, float* x, nint step, float* y, nint stepY)
    {
        TVector x0 = TSimd.Load(x);
        TVector x1 = TSimd.Load(x + step);
        TVector evenA = x0, evenB = x0, oddA = x1, oddB = x1;
        TVector last = x1;
        if (count > 2)
        {
            TVector x2 = TSimd.Load(x + (2 * step));
            last = x2;
            TVector innerA = x2, innerB = x2;
            if (count > 4)
            {
                TVector x4 = TSimd.Load(x + (4 * step));
                innerA = TSimd.MultiplyAdd(TSimd.Broadcast(A2), x4, x2);
                innerB = TSimd.MultiplyAdd(TSimd.Broadcast(B2), x4, x2);
                last = x4;
            }

            evenA = TSimd.MultiplyAdd(TSimd.Broadcast(A2), innerA, x0);
            evenB = TSimd.MultiplyAdd(TSimd.Broadcast(B2), innerB, x0);
        }

        if (count > 3)
        {
            TVector x3 = TSimd.Load(x + (3 * step));
            oddA = TSimd.MultiplyAdd(TSimd.Broadcast(A2), x3, x1);
            oddB = TSimd.MultiplyAdd(TSimd.Broadcast(B2), x3, x1);
            if (count == 4)
            {
                last = x3;
            }
        }

        TSimd.Store(x0, y);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(A), oddA, evenA), y + stepY);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(-A), oddA, evenA), y + (2 * stepY));
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(B), oddB, evenB), y + (3 * stepY));
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(-B), oddB, evenB), y + (4 * stepY));
        TSimd.Store(last, y + (5 * stepY));
    }

    /// <summary>The transpose of <see cref="Evaluate"/>: six points to <paramref name="count"/> values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Axpby(int count, float* x, nint step, float* y, nint stepY)
    {
        TVector x1 = TSimd.Load(x + step);
        TVector x2 = TSimd.Load(x + (2 * step));
        TVector x3 = TSimd.Load(x + (3 * step));
        TVector x4 = TSimd.Load(x + (4 * step));
        TVector infinity = TSimd.Load(x + (5 * step));
        TVector sumA = TSimd.Add(x1, x2);
        TVector differenceA = TSimd.Subtract(x1, x2);
        TVector sumB = TSimd.Add(x3, x4);
        TVector differenceB = TSimd.Subtract(x3, x4);
        TSimd.Store(TSimd.Add(TSimd.Load(x), TSimd.Add(sumA, sumB)), y);
        TVector first = TSimd.Multiply(TSimd.Broadcast(A), differenceA);
        first = TSimd.MultiplyAdd(TSimd.Broadcast(B), differenceB, count == 2 ? TSimd.Add(first, infinity) : first);
        TSimd.Store(first, y + stepY);
        if (count > 2)
        {
            TVector second = TSimd.Multiply(TSimd.Broadcast(A2), sumA);
            second = TSimd.MultiplyAdd(TSimd.Broadcast(B2), sumB, count == 3 ? TSimd.Add(second, infinity) : second);
            TSimd.Store(second, y + (2 * stepY));
        }

        if (count > 3)
        {
            TVector third = TSimd.Multiply(TSimd.Broadcast(A3), differenceA);
            third = TSimd.MultiplyAdd(TSimd.Broadcast(B3), differenceB, count == 4 ? TSimd.Add(third, infinity) : third);
            TSimd.Store(third, y + (3 * stepY));
        }

        if (count > 4)
        {
            TVector fourth = TSimd.MultiplyAdd(TSimd.Broadcast(A4), sumA, infinity);
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(B4), sumB, fourth), y + (4 * stepY));
        }
    }
}

using System.Runtime.CompilerServices;
using MLClassify.Kernels.Simd;

namespace MLClassify.Kernels.Convolution;

/// <summary>One tile of a filter gradient.</summary>
internal unsafe struct FilterGradientArguments
{
    /// <summary>The addresses of the positions' input channels for one tap: <c>[Positions]</c>.</summary>
    public float** Sources;

    /// <summary>The first input channel of the tile.</summary>
    public int Channel;

    /// <summary>The first position's output gradient, at the panel's first channel.</summary>
    public float* Gradients;

    /// <summary>Values from one position's output gradient to the next.</summary>
    public nint GradientStride;

    /// <summary>Positions.</summary>
    public int Positions;

    /// <summary>Where the tile's first row goes: <c>[rows, tile columns * vector width]</c>.</summary>
    public float* Destination;

    /// <summary>Whether to add to what is there.</summary>
    public bool Accumulate;
}

/// <summary>
/// The matrix product of a filter gradient: up to 6 input channels by up to 4 vectors of output channels, summed over positions.
/// Activations and gradients are read where they lie.
/// </summary>
internal static unsafe class FilterGradientTile<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public const int Rows = 6;

    public static void Run(int rows, int columns, in FilterGradientArguments arguments)
    {
        switch (columns)
        {
            case 1:
                Run<OneColumn>(rows, arguments);
                break;
            case 2:
                Run<TwoColumns>(rows, arguments);
                break;
            case 3:
                Run<ThreeColumns>(rows, arguments);
                break;
            default:
                Run<FourColumns>(rows, arguments);
                break;
        }
    }

    private static void Run<TColumns>(int rows, in FilterGradientArguments arguments)
        where TColumns : struct, ITileColumns
    {
        if (rows == Rows)
        {
            RunSix<TColumns>(arguments);
            return;
        }

        FilterGradientArguments rest = arguments;
        for (; rows >= 2; rows -= 2)
        {
            RunTwo<TColumns>(rest);
            rest.Channel += 2;
            rest.Destination += 2 * TColumns.Count * TSimd.Width;
        }

        if (rows == 1)
        {
            RunOne<TColumns>(rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunSix<TColumns>(in FilterGradientArguments arguments)
        where TColumns : struct, ITileColumns
    {
        int v = TSimd.Width;
        TVector s00 = TSimd.Zero, s01 = TSimd.Zero, s02 = TSimd.Zero, s03 = TSimd.Zero;
        TVector s10 = TSimd.Zero, s11 = TSimd.Zero, s12 = TSimd.Zero, s13 = TSimd.Zero;
        TVector s20 = TSimd.Zero, s21 = TSimd.Zero, s22 = TSimd.Zero, s23 = TSimd.Zero;
        TVector s30 = TSimd.Zero, s31 = TSimd.Zero, s32 = TSimd.Zero, s33 = TSimd.Zero;
        TVector s40 = TSimd.Zero, s41 = TSimd.Zero, s42 = TSimd.Zero, s43 = TSimd.Zero;
        TVector s50 = TSimd.Zero, s51 = TSimd.Zero, s52 = TSimd.Zero, s53 = TSimd.Zero;
        float** sources = arguments.Sources;
        float* dy = arguments.Gradients;
        nint channel = arguments.Channel;
        nint stride = arguments.GradientStride;
        nint positions = arguments.Positions;
        for (nint p = 0; p < positions; p++)
        {
            float* x = sources[p] + channel;
            TVector g0 = TSimd.Load(dy);
            TVector g1 = TColumns.Count > 1 ? TSimd.Load(dy + (1 * v)) : g0;
            TVector g2 = TColumns.Count > 2 ? TSimd.Load(dy + (2 * v)) : g0;
            TVector g3 = TColumns.Count > 3 ? TSimd.Load(dy + (3 * v)) : g0;
            TVector b0 = TSimd.Broadcast(x[0]);
            s00 = TSimd.MultiplyAdd(b0, g0, s00);
            s01 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b0, g1, s01) : s01;
            s02 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b0, g2, s02) : s02;
            s03 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b0, g3, s03) : s03;
            TVector b1 = TSimd.Broadcast(x[1]);
            s10 = TSimd.MultiplyAdd(b1, g0, s10);
            s11 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b1, g1, s11) : s11;
            s12 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b1, g2, s12) : s12;
            s13 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b1, g3, s13) : s13;
            TVector b2 = TSimd.Broadcast(x[2]);
            s20 = TSimd.MultiplyAdd(b2, g0, s20);
            s21 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b2, g1, s21) : s21;
            s22 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b2, g2, s22) : s22;
            s23 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b2, g3, s23) : s23;
            TVector b3 = TSimd.Broadcast(x[3]);
            s30 = TSimd.MultiplyAdd(b3, g0, s30);
            s31 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b3, g1, s31) : s31;
            s32 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b3, g2, s32) : s32;
            s33 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b3, g3, s33) : s33;
            TVector b4 = TSimd.Broadcast(x[4]);
            s40 = TSimd.MultiplyAdd(b4, g0, s40);
            s41 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b4, g1, s41) : s41;
            s42 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b4, g2, s42) : s42;
            s43 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b4, g3, s43) : s43;
            TVector b5 = TSimd.Broadcast(x[5]);
            s50 = TSimd.MultiplyAdd(b5, g0, s50);
            s51 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b5, g1, s51) : s51;
            s52 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b5, g2, s52) : s52;
            s53 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b5, g3, s53) : s53;
            dy += stride;
        }

        float* destination = arguments.Destination;
        StoreRow<TColumns>(destination + (0 * TColumns.Count * v), arguments.Accumulate, s00, s01, s02, s03);
        StoreRow<TColumns>(destination + (1 * TColumns.Count * v), arguments.Accumulate, s10, s11, s12, s13);
        StoreRow<TColumns>(destination + (2 * TColumns.Count * v), arguments.Accumulate, s20, s21, s22, s23);
        StoreRow<TColumns>(destination + (3 * TColumns.Count * v), arguments.Accumulate, s30, s31, s32, s33);
        StoreRow<TColumns>(destination + (4 * TColumns.Count * v), arguments.Accumulate, s40, s41, s42, s43);
        StoreRow<TColumns>(destination + (5 * TColumns.Count * v), arguments.Accumulate, s50, s51, s52, s53);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunTwo<TColumns>(in FilterGradientArguments arguments)
        where TColumns : struct, ITileColumns
    {
        int v = TSimd.Width;
        TVector s00 = TSimd.Zero, s01 = TSimd.Zero, s02 = TSimd.Zero, s03 = TSimd.Zero;
        TVector s10 = TSimd.Zero, s11 = TSimd.Zero, s12 = TSimd.Zero, s13 = TSimd.Zero;
        float** sources = arguments.Sources;
        float* dy = arguments.Gradients;
        nint channel = arguments.Channel;
        nint stride = arguments.GradientStride;
        nint positions = arguments.Positions;
        for (nint p = 0; p < positions; p++)
        {
            float* x = sources[p] + channel;
            TVector g0 = TSimd.Load(dy);
            TVector g1 = TColumns.Count > 1 ? TSimd.Load(dy + (1 * v)) : g0;
            TVector g2 = TColumns.Count > 2 ? TSimd.Load(dy + (2 * v)) : g0;
            TVector g3 = TColumns.Count > 3 ? TSimd.Load(dy + (3 * v)) : g0;
            TVector b0 = TSimd.Broadcast(x[0]);
            s00 = TSimd.MultiplyAdd(b0, g0, s00);
            s01 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b0, g1, s01) : s01;
            s02 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b0, g2, s02) : s02;
            s03 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b0, g3, s03) : s03;
            TVector b1 = TSimd.Broadcast(x[1]);
            s10 = TSimd.MultiplyAdd(b1, g0, s10);
            s11 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b1, g1, s11) : s11;
            s12 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b1, g2, s12) : s12;
            s13 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b1, g3, s13) : s13;
            dy += stride;
        }

        float* destination = arguments.Destination;
        StoreRow<TColumns>(destination + (0 * TColumns.Count * v), arguments.Accumulate, s00, s01, s02, s03);
        StoreRow<TColumns>(destination + (1 * TColumns.Count * v), arguments.Accumulate, s10, s11, s12, s13);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunOne<TColumns>(in FilterGradientArguments arguments)
        where TColumns : struct, ITileColumns
    {
        int v = TSimd.Width;
        TVector s00 = TSimd.Zero, s01 = TSimd.Zero, s02 = TSimd.Zero, s03 = TSimd.Zero;
        float** sources = arguments.Sources;
        float* dy = arguments.Gradients;
        nint channel = arguments.Channel;
        nint stride = arguments.GradientStride;
        nint positions = arguments.Positions;
        for (nint p = 0; p < positions; p++)
        {
            float* x = sources[p] + channel;
            TVector g0 = TSimd.Load(dy);
            TVector g1 = TColumns.Count > 1 ? TSimd.Load(dy + (1 * v)) : g0;
            TVector g2 = TColumns.Count > 2 ? TSimd.Load(dy + (2 * v)) : g0;
            TVector g3 = TColumns.Count > 3 ? TSimd.Load(dy + (3 * v)) : g0;
            TVector b0 = TSimd.Broadcast(x[0]);
            s00 = TSimd.MultiplyAdd(b0, g0, s00);
            s01 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b0, g1, s01) : s01;
            s02 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b0, g2, s02) : s02;
            s03 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b0, g3, s03) : s03;
            dy += stride;
        }

        float* destination = arguments.Destination;
        StoreRow<TColumns>(destination + (0 * TColumns.Count * v), arguments.Accumulate, s00, s01, s02, s03);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TColumns>(float* p, bool accumulate, TVector a, TVector b, TVector c, TVector d)
        where TColumns : struct, ITileColumns
    {
        StoreVector(p, accumulate, a);
        if (TColumns.Count > 1)
        {
            StoreVector(p + TSimd.Width, accumulate, b);
        }

        if (TColumns.Count > 2)
        {
            StoreVector(p + (2 * TSimd.Width), accumulate, c);
        }

        if (TColumns.Count > 3)
        {
            StoreVector(p + (3 * TSimd.Width), accumulate, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreVector(float* p, bool accumulate, TVector value) =>
        TSimd.Store(accumulate ? TSimd.Add(value, TSimd.Load(p)) : value, p);
}

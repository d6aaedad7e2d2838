using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;

namespace MLClassify.Engines.Cpu.Kernels.Convolution.Direct;

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
            TVector b0 = TSimd.Broadcast(x[0]);
            s00 = TSimd.MultiplyAdd(b0, g0, s00);
            TVector b1 = TSimd.Broadcast(x[1]);
            s10 = TSimd.MultiplyAdd(b1, g0, s10);
            TVector b2 = TSimd.Broadcast(x[2]);
            s20 = TSimd.MultiplyAdd(b2, g0, s20);
            TVector b3 = TSimd.Broadcast(x[3]);
            s30 = TSimd.MultiplyAdd(b3, g0, s30);
            TVector b4 = TSimd.Broadcast(x[4]);
            s40 = TSimd.MultiplyAdd(b4, g0, s40);
            TVector b5 = TSimd.Broadcast(x[5]);
            s50 = TSimd.MultiplyAdd(b5, g0, s50);
            if (TColumns.Count > 1)
            {
                TVector g1 = TSimd.Load(dy + v);
                s01 = TSimd.MultiplyAdd(b0, g1, s01);
                s11 = TSimd.MultiplyAdd(b1, g1, s11);
                s21 = TSimd.MultiplyAdd(b2, g1, s21);
                s31 = TSimd.MultiplyAdd(b3, g1, s31);
                s41 = TSimd.MultiplyAdd(b4, g1, s41);
                s51 = TSimd.MultiplyAdd(b5, g1, s51);
            }

            if (TColumns.Count > 2)
            {
                TVector g2 = TSimd.Load(dy + (2 * v));
                s02 = TSimd.MultiplyAdd(b0, g2, s02);
                s12 = TSimd.MultiplyAdd(b1, g2, s12);
                s22 = TSimd.MultiplyAdd(b2, g2, s22);
                s32 = TSimd.MultiplyAdd(b3, g2, s32);
                s42 = TSimd.MultiplyAdd(b4, g2, s42);
                s52 = TSimd.MultiplyAdd(b5, g2, s52);
            }

            if (TColumns.Count > 3)
            {
                TVector g3 = TSimd.Load(dy + (3 * v));
                s03 = TSimd.MultiplyAdd(b0, g3, s03);
                s13 = TSimd.MultiplyAdd(b1, g3, s13);
                s23 = TSimd.MultiplyAdd(b2, g3, s23);
                s33 = TSimd.MultiplyAdd(b3, g3, s33);
                s43 = TSimd.MultiplyAdd(b4, g3, s43);
                s53 = TSimd.MultiplyAdd(b5, g3, s53);
            }

            dy += stride;
        }

        float* destination = arguments.Destination;
        bool accumulate = arguments.Accumulate;
        float* y0 = destination;
        float* y1 = destination + (1 * TColumns.Count * v);
        float* y2 = destination + (2 * TColumns.Count * v);
        float* y3 = destination + (3 * TColumns.Count * v);
        float* y4 = destination + (4 * TColumns.Count * v);
        float* y5 = destination + (5 * TColumns.Count * v);
        Store(y0, s00, accumulate);
        Store(y1, s10, accumulate);
        Store(y2, s20, accumulate);
        Store(y3, s30, accumulate);
        Store(y4, s40, accumulate);
        Store(y5, s50, accumulate);

        if (TColumns.Count > 1)
        {
            Store(y0 + v, s01, accumulate);
            Store(y1 + v, s11, accumulate);
            Store(y2 + v, s21, accumulate);
            Store(y3 + v, s31, accumulate);
            Store(y4 + v, s41, accumulate);
            Store(y5 + v, s51, accumulate);
        }

        if (TColumns.Count > 2)
        {
            Store(y0 + (2 * v), s02, accumulate);
            Store(y1 + (2 * v), s12, accumulate);
            Store(y2 + (2 * v), s22, accumulate);
            Store(y3 + (2 * v), s32, accumulate);
            Store(y4 + (2 * v), s42, accumulate);
            Store(y5 + (2 * v), s52, accumulate);
        }

        if (TColumns.Count > 3)
        {
            Store(y0 + (3 * v), s03, accumulate);
            Store(y1 + (3 * v), s13, accumulate);
            Store(y2 + (3 * v), s23, accumulate);
            Store(y3 + (3 * v), s33, accumulate);
            Store(y4 + (3 * v), s43, accumulate);
            Store(y5 + (3 * v), s53, accumulate);
        }
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
            TVector b0 = TSimd.Broadcast(x[0]);
            s00 = TSimd.MultiplyAdd(b0, g0, s00);
            TVector b1 = TSimd.Broadcast(x[1]);
            s10 = TSimd.MultiplyAdd(b1, g0, s10);
            if (TColumns.Count > 1)
            {
                TVector g1 = TSimd.Load(dy + v);
                s01 = TSimd.MultiplyAdd(b0, g1, s01);
                s11 = TSimd.MultiplyAdd(b1, g1, s11);
            }

            if (TColumns.Count > 2)
            {
                TVector g2 = TSimd.Load(dy + (2 * v));
                s02 = TSimd.MultiplyAdd(b0, g2, s02);
                s12 = TSimd.MultiplyAdd(b1, g2, s12);
            }

            if (TColumns.Count > 3)
            {
                TVector g3 = TSimd.Load(dy + (3 * v));
                s03 = TSimd.MultiplyAdd(b0, g3, s03);
                s13 = TSimd.MultiplyAdd(b1, g3, s13);
            }

            dy += stride;
        }

        float* destination = arguments.Destination;
        bool accumulate = arguments.Accumulate;
        float* y0 = destination;
        float* y1 = destination + (1 * TColumns.Count * v);
        Store(y0, s00, accumulate);
        Store(y1, s10, accumulate);

        if (TColumns.Count > 1)
        {
            Store(y0 + v, s01, accumulate);
            Store(y1 + v, s11, accumulate);
        }

        if (TColumns.Count > 2)
        {
            Store(y0 + (2 * v), s02, accumulate);
            Store(y1 + (2 * v), s12, accumulate);
        }

        if (TColumns.Count > 3)
        {
            Store(y0 + (3 * v), s03, accumulate);
            Store(y1 + (3 * v), s13, accumulate);
        }
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
            TVector b0 = TSimd.Broadcast(x[0]);
            s00 = TSimd.MultiplyAdd(b0, g0, s00);
            if (TColumns.Count > 1)
            {
                TVector g1 = TSimd.Load(dy + v);
                s01 = TSimd.MultiplyAdd(b0, g1, s01);
            }

            if (TColumns.Count > 2)
            {
                TVector g2 = TSimd.Load(dy + (2 * v));
                s02 = TSimd.MultiplyAdd(b0, g2, s02);
            }

            if (TColumns.Count > 3)
            {
                TVector g3 = TSimd.Load(dy + (3 * v));
                s03 = TSimd.MultiplyAdd(b0, g3, s03);
            }

            dy += stride;
        }

        float* destination = arguments.Destination;
        bool accumulate = arguments.Accumulate;
        float* y0 = destination;
        Store(y0, s00, accumulate);

        if (TColumns.Count > 1)
        {
            Store(y0 + v, s01, accumulate);
        }

        if (TColumns.Count > 2)
        {
            Store(y0 + (2 * v), s02, accumulate);
        }

        if (TColumns.Count > 3)
        {
            Store(y0 + (3 * v), s03, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* destination, TVector value, bool accumulate) =>
        TSimd.Store(accumulate ? TSimd.Add(value, TSimd.Load(destination)) : value, destination);
}

using System.Runtime.CompilerServices;
using MLClassify.Kernels.Simd;

namespace MLClassify.Kernels.Convolution;

/// <summary>How many vectors of output channels a tile spans: a type, so that each count is compiled by itself.</summary>
internal interface ITileColumns
{
    static abstract int Count { get; }
}

internal readonly struct OneColumn : ITileColumns
{
    public static int Count => 1;
}

internal readonly struct TwoColumns : ITileColumns
{
    public static int Count => 2;
}

internal readonly struct ThreeColumns : ITileColumns
{
    public static int Count => 3;
}

internal readonly struct FourColumns : ITileColumns
{
    public static int Count => 4;
}

/// <summary>One tile's operands.</summary>
internal unsafe struct GatherTileArguments
{
    /// <summary>For each tap, the addresses of the six positions' input channels: <c>[Taps, SourceStride]</c>.</summary>
    public float** Sources;

    /// <summary>Addresses from one tap to the next.</summary>
    public nint SourceStride;

    /// <summary>The number in the filter of each tap.</summary>
    public int* FilterTaps;

    /// <summary>Taps in this call.</summary>
    public int Taps;

    /// <summary>The first input channel of this call.</summary>
    public int Channel;

    /// <summary>Input channels of this call.</summary>
    public int Channels;

    /// <summary>Input channels of a whole filter tap.</summary>
    public int FilterChannels;

    /// <summary>The panel's filters: <c>[tap, input channel, tile columns * vector width]</c>.</summary>
    public float* Filters;

    /// <summary>Six addresses of the positions' outputs.</summary>
    public float** Destinations;

    /// <summary>Output channels before this panel.</summary>
    public nint DestinationOffset;

    /// <summary>The panel's bias, or null for none. Ignored when loading.</summary>
    public float* Bias;

    /// <summary>Six addresses of summands, or null for none.</summary>
    public float** Residuals;

    /// <summary>Whether the sums begin with what stands at the destinations.</summary>
    public bool Load;

    /// <summary>Whether the result is rectified.</summary>
    public bool Rectify;

    /// <summary>The rectifier's largest output.</summary>
    public float Ceiling;
}

/// <summary>
/// The matrix product at the heart of every convolution: 6 positions by up to 4 vectors of output channels. Each position brings an
/// address per tap, so borders (a row of zeros), strides and ragged row ends cost nothing here. 6 x 4 sums, 4 filter vectors and a
/// broadcast value fill 29 of 32 registers; 6 x 2 fill 15 of 16.
/// </summary>
internal static unsafe class GatherTile<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public const int Rows = 6;

    public static void Run(int columns, in GatherTileArguments arguments)
    {
        switch (columns)
        {
            case 1:
                Run<OneColumn>(arguments);
                break;
            case 2:
                Run<TwoColumns>(arguments);
                break;
            case 3:
                Run<ThreeColumns>(arguments);
                break;
            default:
                Run<FourColumns>(arguments);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TColumns>(in GatherTileArguments arguments)
        where TColumns : struct, ITileColumns
    {
        int v = TSimd.Width;
        TVector s00 = TSimd.Zero, s01 = TSimd.Zero, s02 = TSimd.Zero, s03 = TSimd.Zero;
        TVector s10 = TSimd.Zero, s11 = TSimd.Zero, s12 = TSimd.Zero, s13 = TSimd.Zero;
        TVector s20 = TSimd.Zero, s21 = TSimd.Zero, s22 = TSimd.Zero, s23 = TSimd.Zero;
        TVector s30 = TSimd.Zero, s31 = TSimd.Zero, s32 = TSimd.Zero, s33 = TSimd.Zero;
        TVector s40 = TSimd.Zero, s41 = TSimd.Zero, s42 = TSimd.Zero, s43 = TSimd.Zero;
        TVector s50 = TSimd.Zero, s51 = TSimd.Zero, s52 = TSimd.Zero, s53 = TSimd.Zero;

        nint offset = arguments.DestinationOffset;
        if (arguments.Load)
        {
            float** destinations = arguments.Destinations;
            LoadRow<TColumns>(destinations[0] + offset, ref s00, ref s01, ref s02, ref s03);
            LoadRow<TColumns>(destinations[1] + offset, ref s10, ref s11, ref s12, ref s13);
            LoadRow<TColumns>(destinations[2] + offset, ref s20, ref s21, ref s22, ref s23);
            LoadRow<TColumns>(destinations[3] + offset, ref s30, ref s31, ref s32, ref s33);
            LoadRow<TColumns>(destinations[4] + offset, ref s40, ref s41, ref s42, ref s43);
            LoadRow<TColumns>(destinations[5] + offset, ref s50, ref s51, ref s52, ref s53);
        }
        else if (arguments.Bias is not null)
        {
            float* bias = arguments.Bias;
            LoadRow<TColumns>(bias, ref s00, ref s01, ref s02, ref s03);
            LoadRow<TColumns>(bias, ref s10, ref s11, ref s12, ref s13);
            LoadRow<TColumns>(bias, ref s20, ref s21, ref s22, ref s23);
            LoadRow<TColumns>(bias, ref s30, ref s31, ref s32, ref s33);
            LoadRow<TColumns>(bias, ref s40, ref s41, ref s42, ref s43);
            LoadRow<TColumns>(bias, ref s50, ref s51, ref s52, ref s53);
        }

        float** sources = arguments.Sources;
        int* filterTap = arguments.FilterTaps;
        nint channels = arguments.Channels;
        for (int tap = 0; tap < arguments.Taps; tap++)
        {
            float* w = arguments.Filters + ((((nint)filterTap[tap] * arguments.FilterChannels) + arguments.Channel) * TColumns.Count * v);
            float* x0 = sources[0] + arguments.Channel;
            float* x1 = sources[1] + arguments.Channel;
            float* x2 = sources[2] + arguments.Channel;
            float* x3 = sources[3] + arguments.Channel;
            float* x4 = sources[4] + arguments.Channel;
            float* x5 = sources[5] + arguments.Channel;
            for (nint c = 0; c < channels; c++)
            {
                TVector w0 = TSimd.Load(w);
                TVector w1 = TColumns.Count > 1 ? TSimd.Load(w + (1 * v)) : w0;
                TVector w2 = TColumns.Count > 2 ? TSimd.Load(w + (2 * v)) : w0;
                TVector w3 = TColumns.Count > 3 ? TSimd.Load(w + (3 * v)) : w0;
                TVector b0 = TSimd.Broadcast(x0[c]);
                s00 = TSimd.MultiplyAdd(b0, w0, s00);
                s01 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b0, w1, s01) : s01;
                s02 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b0, w2, s02) : s02;
                s03 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b0, w3, s03) : s03;
                TVector b1 = TSimd.Broadcast(x1[c]);
                s10 = TSimd.MultiplyAdd(b1, w0, s10);
                s11 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b1, w1, s11) : s11;
                s12 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b1, w2, s12) : s12;
                s13 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b1, w3, s13) : s13;
                TVector b2 = TSimd.Broadcast(x2[c]);
                s20 = TSimd.MultiplyAdd(b2, w0, s20);
                s21 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b2, w1, s21) : s21;
                s22 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b2, w2, s22) : s22;
                s23 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b2, w3, s23) : s23;
                TVector b3 = TSimd.Broadcast(x3[c]);
                s30 = TSimd.MultiplyAdd(b3, w0, s30);
                s31 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b3, w1, s31) : s31;
                s32 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b3, w2, s32) : s32;
                s33 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b3, w3, s33) : s33;
                TVector b4 = TSimd.Broadcast(x4[c]);
                s40 = TSimd.MultiplyAdd(b4, w0, s40);
                s41 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b4, w1, s41) : s41;
                s42 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b4, w2, s42) : s42;
                s43 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b4, w3, s43) : s43;
                TVector b5 = TSimd.Broadcast(x5[c]);
                s50 = TSimd.MultiplyAdd(b5, w0, s50);
                s51 = TColumns.Count > 1 ? TSimd.MultiplyAdd(b5, w1, s51) : s51;
                s52 = TColumns.Count > 2 ? TSimd.MultiplyAdd(b5, w2, s52) : s52;
                s53 = TColumns.Count > 3 ? TSimd.MultiplyAdd(b5, w3, s53) : s53;
                w += TColumns.Count * v;
            }

            sources += arguments.SourceStride;
        }

        if (arguments.Residuals is not null)
        {
            float** residuals = arguments.Residuals;
            AddRow<TColumns>(residuals[0] + offset, ref s00, ref s01, ref s02, ref s03);
            AddRow<TColumns>(residuals[1] + offset, ref s10, ref s11, ref s12, ref s13);
            AddRow<TColumns>(residuals[2] + offset, ref s20, ref s21, ref s22, ref s23);
            AddRow<TColumns>(residuals[3] + offset, ref s30, ref s31, ref s32, ref s33);
            AddRow<TColumns>(residuals[4] + offset, ref s40, ref s41, ref s42, ref s43);
            AddRow<TColumns>(residuals[5] + offset, ref s50, ref s51, ref s52, ref s53);
        }

        if (arguments.Rectify)
        {
            TVector ceiling = TSimd.Broadcast(arguments.Ceiling);
            RectifyRow(ceiling, ref s00, ref s01, ref s02, ref s03);
            RectifyRow(ceiling, ref s10, ref s11, ref s12, ref s13);
            RectifyRow(ceiling, ref s20, ref s21, ref s22, ref s23);
            RectifyRow(ceiling, ref s30, ref s31, ref s32, ref s33);
            RectifyRow(ceiling, ref s40, ref s41, ref s42, ref s43);
            RectifyRow(ceiling, ref s50, ref s51, ref s52, ref s53);
        }

        float** outputs = arguments.Destinations;
        StoreRow<TColumns>(outputs[0] + offset, s00, s01, s02, s03);
        StoreRow<TColumns>(outputs[1] + offset, s10, s11, s12, s13);
        StoreRow<TColumns>(outputs[2] + offset, s20, s21, s22, s23);
        StoreRow<TColumns>(outputs[3] + offset, s30, s31, s32, s33);
        StoreRow<TColumns>(outputs[4] + offset, s40, s41, s42, s43);
        StoreRow<TColumns>(outputs[5] + offset, s50, s51, s52, s53);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadRow<TColumns>(float* p, ref TVector a, ref TVector b, ref TVector c, ref TVector d)
        where TColumns : struct, ITileColumns
    {
        a = TSimd.Load(p);
        b = TColumns.Count > 1 ? TSimd.Load(p + TSimd.Width) : b;
        c = TColumns.Count > 2 ? TSimd.Load(p + (2 * TSimd.Width)) : c;
        d = TColumns.Count > 3 ? TSimd.Load(p + (3 * TSimd.Width)) : d;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow<TColumns>(float* p, ref TVector a, ref TVector b, ref TVector c, ref TVector d)
        where TColumns : struct, ITileColumns
    {
        a = TSimd.Add(a, TSimd.Load(p));
        b = TColumns.Count > 1 ? TSimd.Add(b, TSimd.Load(p + TSimd.Width)) : b;
        c = TColumns.Count > 2 ? TSimd.Add(c, TSimd.Load(p + (2 * TSimd.Width))) : c;
        d = TColumns.Count > 3 ? TSimd.Add(d, TSimd.Load(p + (3 * TSimd.Width))) : d;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RectifyRow(TVector ceiling, ref TVector a, ref TVector b, ref TVector c, ref TVector d)
    {
        a = TSimd.Min(TSimd.Max(a, TSimd.Zero), ceiling);
        b = TSimd.Min(TSimd.Max(b, TSimd.Zero), ceiling);
        c = TSimd.Min(TSimd.Max(c, TSimd.Zero), ceiling);
        d = TSimd.Min(TSimd.Max(d, TSimd.Zero), ceiling);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TColumns>(float* p, TVector a, TVector b, TVector c, TVector d)
        where TColumns : struct, ITileColumns
    {
        TSimd.Store(a, p);
        if (TColumns.Count > 1)
        {
            TSimd.Store(b, p + TSimd.Width);
        }

        if (TColumns.Count > 2)
        {
            TSimd.Store(c, p + (2 * TSimd.Width));
        }

        if (TColumns.Count > 3)
        {
            TSimd.Store(d, p + (3 * TSimd.Width));
        }
    }
}

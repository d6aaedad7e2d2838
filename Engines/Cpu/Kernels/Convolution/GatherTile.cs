using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;

namespace MLClassify.Engines.Cpu.Kernels.Convolution;

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

/// <summary>How a tile stores: a type, so that each way is compiled by itself.</summary>
internal interface ITileStore
{
    /// <summary>Whether stores go past the caches.</summary>
    static abstract bool IsStreaming { get; }
}

internal readonly struct OrdinaryStore : ITileStore
{
    public static bool IsStreaming => false;
}

internal readonly struct StreamingStore : ITileStore
{
    public static bool IsStreaming => true;
}

/// <summary>One tile's operands.</summary>
internal unsafe struct GatherTileArguments
{
    /// <summary>
    /// For each tap, the addresses of the six positions' input channels: <c>[Taps, SourceStride]</c>. The six after them are those of the
    /// next tile, whose values are fetched meanwhile; after the last tile anything may stand there.
    /// </summary>
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

    /// <summary>ReLU's upper bound.</summary>
    public float Ceiling;

    /// <summary>Whether the result goes past the caches; its addresses are aligned then.</summary>
    public bool Stream;
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

    // Channels of a cache line.
    private const int LineChannels = 16;

    public static void Run(int columns, in GatherTileArguments arguments)
    {
        if (arguments.Stream)
        {
            Run<StreamingStore>(columns, arguments);
        }
        else
        {
            Run<OrdinaryStore>(columns, arguments);
        }
    }

    private static void Run<TStore>(int columns, in GatherTileArguments arguments)
        where TStore : struct, ITileStore
    {
        switch (columns)
        {
            case 1:
                Run<OneColumn, TStore>(arguments);
                break;
            case 2:
                Run<TwoColumns, TStore>(arguments);
                break;
            case 3:
                Run<ThreeColumns, TStore>(arguments);
                break;
            default:
                Run<FourColumns, TStore>(arguments);
                break;
        }
    }

    // Plain locals and plain branches: a sum that is ever passed by reference would live on the stack.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TColumns, TStore>(in GatherTileArguments arguments)
        where TColumns : struct, ITileColumns
        where TStore : struct, ITileStore
    {
        int v = TSimd.Width;
        TVector s00 = TSimd.Zero, s01 = TSimd.Zero, s02 = TSimd.Zero, s03 = TSimd.Zero;
        TVector s10 = TSimd.Zero, s11 = TSimd.Zero, s12 = TSimd.Zero, s13 = TSimd.Zero;
        TVector s20 = TSimd.Zero, s21 = TSimd.Zero, s22 = TSimd.Zero, s23 = TSimd.Zero;
        TVector s30 = TSimd.Zero, s31 = TSimd.Zero, s32 = TSimd.Zero, s33 = TSimd.Zero;
        TVector s40 = TSimd.Zero, s41 = TSimd.Zero, s42 = TSimd.Zero, s43 = TSimd.Zero;
        TVector s50 = TSimd.Zero, s51 = TSimd.Zero, s52 = TSimd.Zero, s53 = TSimd.Zero;
        nint offset = arguments.DestinationOffset;
        if (arguments.Load || arguments.Bias is not null)
        {
            float** starts = arguments.Destinations;
            bool load = arguments.Load;
            float* p0 = load ? starts[0] + offset : arguments.Bias;
            float* p1 = load ? starts[1] + offset : arguments.Bias;
            float* p2 = load ? starts[2] + offset : arguments.Bias;
            float* p3 = load ? starts[3] + offset : arguments.Bias;
            float* p4 = load ? starts[4] + offset : arguments.Bias;
            float* p5 = load ? starts[5] + offset : arguments.Bias;
            s00 = TSimd.Load(p0);
            s10 = TSimd.Load(p1);
            s20 = TSimd.Load(p2);
            s30 = TSimd.Load(p3);
            s40 = TSimd.Load(p4);
            s50 = TSimd.Load(p5);

            if (TColumns.Count > 1)
            {
                s01 = TSimd.Load(p0 + v);
                s11 = TSimd.Load(p1 + v);
                s21 = TSimd.Load(p2 + v);
                s31 = TSimd.Load(p3 + v);
                s41 = TSimd.Load(p4 + v);
                s51 = TSimd.Load(p5 + v);
            }

            if (TColumns.Count > 2)
            {
                s02 = TSimd.Load(p0 + (2 * v));
                s12 = TSimd.Load(p1 + (2 * v));
                s22 = TSimd.Load(p2 + (2 * v));
                s32 = TSimd.Load(p3 + (2 * v));
                s42 = TSimd.Load(p4 + (2 * v));
                s52 = TSimd.Load(p5 + (2 * v));
            }

            if (TColumns.Count > 3)
            {
                s03 = TSimd.Load(p0 + (3 * v));
                s13 = TSimd.Load(p1 + (3 * v));
                s23 = TSimd.Load(p2 + (3 * v));
                s33 = TSimd.Load(p3 + (3 * v));
                s43 = TSimd.Load(p4 + (3 * v));
                s53 = TSimd.Load(p5 + (3 * v));
            }
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
            for (nint line = 0; line < channels; line += LineChannels)
            {
                float** next = sources + Rows;
                CacheHint.Prefetch(next[0] + arguments.Channel + line);
                CacheHint.Prefetch(next[1] + arguments.Channel + line);
                CacheHint.Prefetch(next[2] + arguments.Channel + line);
                CacheHint.Prefetch(next[3] + arguments.Channel + line);
                CacheHint.Prefetch(next[4] + arguments.Channel + line);
                CacheHint.Prefetch(next[5] + arguments.Channel + line);
                nint end = Math.Min(channels, line + LineChannels);
                for (nint c = line; c < end; c++)
                {
                    TVector w0 = TSimd.Load(w);
                    TVector b0 = TSimd.Broadcast(x0[c]);
                    s00 = TSimd.MultiplyAdd(b0, w0, s00);
                    TVector b1 = TSimd.Broadcast(x1[c]);
                    s10 = TSimd.MultiplyAdd(b1, w0, s10);
                    TVector b2 = TSimd.Broadcast(x2[c]);
                    s20 = TSimd.MultiplyAdd(b2, w0, s20);
                    TVector b3 = TSimd.Broadcast(x3[c]);
                    s30 = TSimd.MultiplyAdd(b3, w0, s30);
                    TVector b4 = TSimd.Broadcast(x4[c]);
                    s40 = TSimd.MultiplyAdd(b4, w0, s40);
                    TVector b5 = TSimd.Broadcast(x5[c]);
                    s50 = TSimd.MultiplyAdd(b5, w0, s50);
                    if (TColumns.Count > 1)
                    {
                        TVector w1 = TSimd.Load(w + v);
                        s01 = TSimd.MultiplyAdd(b0, w1, s01);
                        s11 = TSimd.MultiplyAdd(b1, w1, s11);
                        s21 = TSimd.MultiplyAdd(b2, w1, s21);
                        s31 = TSimd.MultiplyAdd(b3, w1, s31);
                        s41 = TSimd.MultiplyAdd(b4, w1, s41);
                        s51 = TSimd.MultiplyAdd(b5, w1, s51);
                    }

                    if (TColumns.Count > 2)
                    {
                        TVector w2 = TSimd.Load(w + (2 * v));
                        s02 = TSimd.MultiplyAdd(b0, w2, s02);
                        s12 = TSimd.MultiplyAdd(b1, w2, s12);
                        s22 = TSimd.MultiplyAdd(b2, w2, s22);
                        s32 = TSimd.MultiplyAdd(b3, w2, s32);
                        s42 = TSimd.MultiplyAdd(b4, w2, s42);
                        s52 = TSimd.MultiplyAdd(b5, w2, s52);
                    }

                    if (TColumns.Count > 3)
                    {
                        TVector w3 = TSimd.Load(w + (3 * v));
                        s03 = TSimd.MultiplyAdd(b0, w3, s03);
                        s13 = TSimd.MultiplyAdd(b1, w3, s13);
                        s23 = TSimd.MultiplyAdd(b2, w3, s23);
                        s33 = TSimd.MultiplyAdd(b3, w3, s33);
                        s43 = TSimd.MultiplyAdd(b4, w3, s43);
                        s53 = TSimd.MultiplyAdd(b5, w3, s53);
                    }

                    w += TColumns.Count * v;
                }
            }

            sources += arguments.SourceStride;
        }

        if (arguments.Residuals is not null)
        {
            float** residuals = arguments.Residuals;
            float* p0 = residuals[0] + offset;
            float* p1 = residuals[1] + offset;
            float* p2 = residuals[2] + offset;
            float* p3 = residuals[3] + offset;
            float* p4 = residuals[4] + offset;
            float* p5 = residuals[5] + offset;
            s00 = TSimd.Add(s00, TSimd.Load(p0));
            s10 = TSimd.Add(s10, TSimd.Load(p1));
            s20 = TSimd.Add(s20, TSimd.Load(p2));
            s30 = TSimd.Add(s30, TSimd.Load(p3));
            s40 = TSimd.Add(s40, TSimd.Load(p4));
            s50 = TSimd.Add(s50, TSimd.Load(p5));

            if (TColumns.Count > 1)
            {
                s01 = TSimd.Add(s01, TSimd.Load(p0 + v));
                s11 = TSimd.Add(s11, TSimd.Load(p1 + v));
                s21 = TSimd.Add(s21, TSimd.Load(p2 + v));
                s31 = TSimd.Add(s31, TSimd.Load(p3 + v));
                s41 = TSimd.Add(s41, TSimd.Load(p4 + v));
                s51 = TSimd.Add(s51, TSimd.Load(p5 + v));
            }

            if (TColumns.Count > 2)
            {
                s02 = TSimd.Add(s02, TSimd.Load(p0 + (2 * v)));
                s12 = TSimd.Add(s12, TSimd.Load(p1 + (2 * v)));
                s22 = TSimd.Add(s22, TSimd.Load(p2 + (2 * v)));
                s32 = TSimd.Add(s32, TSimd.Load(p3 + (2 * v)));
                s42 = TSimd.Add(s42, TSimd.Load(p4 + (2 * v)));
                s52 = TSimd.Add(s52, TSimd.Load(p5 + (2 * v)));
            }

            if (TColumns.Count > 3)
            {
                s03 = TSimd.Add(s03, TSimd.Load(p0 + (3 * v)));
                s13 = TSimd.Add(s13, TSimd.Load(p1 + (3 * v)));
                s23 = TSimd.Add(s23, TSimd.Load(p2 + (3 * v)));
                s33 = TSimd.Add(s33, TSimd.Load(p3 + (3 * v)));
                s43 = TSimd.Add(s43, TSimd.Load(p4 + (3 * v)));
                s53 = TSimd.Add(s53, TSimd.Load(p5 + (3 * v)));
            }
        }

        if (arguments.Rectify)
        {
            TVector ceiling = TSimd.Broadcast(arguments.Ceiling);
            s00 = TSimd.Min(TSimd.Max(s00, TSimd.Zero), ceiling);
            s10 = TSimd.Min(TSimd.Max(s10, TSimd.Zero), ceiling);
            s20 = TSimd.Min(TSimd.Max(s20, TSimd.Zero), ceiling);
            s30 = TSimd.Min(TSimd.Max(s30, TSimd.Zero), ceiling);
            s40 = TSimd.Min(TSimd.Max(s40, TSimd.Zero), ceiling);
            s50 = TSimd.Min(TSimd.Max(s50, TSimd.Zero), ceiling);

            if (TColumns.Count > 1)
            {
                s01 = TSimd.Min(TSimd.Max(s01, TSimd.Zero), ceiling);
                s11 = TSimd.Min(TSimd.Max(s11, TSimd.Zero), ceiling);
                s21 = TSimd.Min(TSimd.Max(s21, TSimd.Zero), ceiling);
                s31 = TSimd.Min(TSimd.Max(s31, TSimd.Zero), ceiling);
                s41 = TSimd.Min(TSimd.Max(s41, TSimd.Zero), ceiling);
                s51 = TSimd.Min(TSimd.Max(s51, TSimd.Zero), ceiling);
            }

            if (TColumns.Count > 2)
            {
                s02 = TSimd.Min(TSimd.Max(s02, TSimd.Zero), ceiling);
                s12 = TSimd.Min(TSimd.Max(s12, TSimd.Zero), ceiling);
                s22 = TSimd.Min(TSimd.Max(s22, TSimd.Zero), ceiling);
                s32 = TSimd.Min(TSimd.Max(s32, TSimd.Zero), ceiling);
                s42 = TSimd.Min(TSimd.Max(s42, TSimd.Zero), ceiling);
                s52 = TSimd.Min(TSimd.Max(s52, TSimd.Zero), ceiling);
            }

            if (TColumns.Count > 3)
            {
                s03 = TSimd.Min(TSimd.Max(s03, TSimd.Zero), ceiling);
                s13 = TSimd.Min(TSimd.Max(s13, TSimd.Zero), ceiling);
                s23 = TSimd.Min(TSimd.Max(s23, TSimd.Zero), ceiling);
                s33 = TSimd.Min(TSimd.Max(s33, TSimd.Zero), ceiling);
                s43 = TSimd.Min(TSimd.Max(s43, TSimd.Zero), ceiling);
                s53 = TSimd.Min(TSimd.Max(s53, TSimd.Zero), ceiling);
            }
        }

        float** destinations = arguments.Destinations;
        float* y0 = destinations[0] + offset;
        float* y1 = destinations[1] + offset;
        float* y2 = destinations[2] + offset;
        float* y3 = destinations[3] + offset;
        float* y4 = destinations[4] + offset;
        float* y5 = destinations[5] + offset;
        Store<TStore>(s00, y0);
        Store<TStore>(s10, y1);
        Store<TStore>(s20, y2);
        Store<TStore>(s30, y3);
        Store<TStore>(s40, y4);
        Store<TStore>(s50, y5);

        if (TColumns.Count > 1)
        {
            Store<TStore>(s01, y0 + v);
            Store<TStore>(s11, y1 + v);
            Store<TStore>(s21, y2 + v);
            Store<TStore>(s31, y3 + v);
            Store<TStore>(s41, y4 + v);
            Store<TStore>(s51, y5 + v);
        }

        if (TColumns.Count > 2)
        {
            Store<TStore>(s02, y0 + (2 * v));
            Store<TStore>(s12, y1 + (2 * v));
            Store<TStore>(s22, y2 + (2 * v));
            Store<TStore>(s32, y3 + (2 * v));
            Store<TStore>(s42, y4 + (2 * v));
            Store<TStore>(s52, y5 + (2 * v));
        }

        if (TColumns.Count > 3)
        {
            Store<TStore>(s03, y0 + (3 * v));
            Store<TStore>(s13, y1 + (3 * v));
            Store<TStore>(s23, y2 + (3 * v));
            Store<TStore>(s33, y3 + (3 * v));
            Store<TStore>(s43, y4 + (3 * v));
            Store<TStore>(s53, y5 + (3 * v));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TStore>(TVector value, float* destination)
        where TStore : struct, ITileStore
    {
        if (TStore.IsStreaming)
        {
            TSimd.StoreStreaming(value, destination);
        }
        else
        {
            TSimd.Store(value, destination);
        }
    }
}

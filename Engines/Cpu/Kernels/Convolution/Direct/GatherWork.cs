using System.Diagnostics;
using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution.Direct;

/// <summary>A map in memory as the gathering kernels see it.</summary>
internal unsafe struct GatherMap
{
    public float* Data;
    public nint Stride;
    public int Height;
    public int Width;
}

/// <summary>
/// A whole gathering convolution, cut into items of a block of positions by a run of panels. An item lists its positions' addresses
/// once, then goes through the filter in pieces that stay in cache while all its tiles use them.
/// </summary>
internal unsafe struct GatherWork<TSimd, TVector> : IParallelWork
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Positions of an item: a multiple of the tile's rows, few enough for the second-level cache.</summary>
    public const int BlockPositions = 96;

    /// <summary>Filter values of a piece, 64 KiB: read in order by every tile, so the second-level cache is near enough.</summary>
    public const int PieceValues = 16384;

    public GatherPlan Plan;
    public GatherMap Source;
    public GatherMap Destination;
    public GatherMap Residual;
    public FilterLayout Layout;
    public float* Filters;
    public float* Bias;
    public float* ZeroRow;
    public float* DummyRow;
    public float** Pointers;
    public float* EdgeTiles;
    public long PointersPerWorker;
    public int Batch;
    public int PanelsPerItem;
    public bool Accumulate;
    public bool Rectify;
    public float Ceiling;

    /// <summary>Whether outputs go past the caches.</summary>
    public bool Stream;

    private readonly int Positions => Batch * Plan.GridHeight * Plan.GridWidth;

    private readonly int Blocks => (Positions + BlockPositions - 1) / BlockPositions;

    private readonly int PanelRuns => (Layout.Panels + PanelsPerItem - 1) / PanelsPerItem;

    /// <summary>Addresses that one worker needs.</summary>
    public static long PointersNeeded(int taps) => (long)(taps + 2) * BlockPositions;

    /// <summary>Values of one worker's edge tile.</summary>
    public static long EdgeTileLength => GatherTile<TSimd, TVector>.Rows * TSimd.Width * TSimd.PanelVectors;

    public readonly int Items => Blocks * PanelRuns * Layout.Groups;

    /// <summary>Chooses runs of panels so that there are enough items to share.</summary>
    public void ChooseItems(int minimumItems)
    {
        int runs = Math.Clamp((minimumItems + (Blocks * Layout.Groups) - 1) / Math.Max(1, Blocks * Layout.Groups), 1, Layout.Panels);
        PanelsPerItem = (Layout.Panels + runs - 1) / runs;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int item, int worker)
    {
        int block = item % Blocks;
        int run = item / Blocks % PanelRuns;
        int group = item / (Blocks * PanelRuns);
        float** table = Pointers + (worker * PointersPerWorker);
        int count = Math.Min(BlockPositions, Positions - (block * BlockPositions));
        int padded = (count + GatherTile<TSimd, TVector>.Rows - 1) / GatherTile<TSimd, TVector>.Rows * GatherTile<TSimd, TVector>.Rows;
        Debug.Assert(padded <= BlockPositions, "a block is a multiple of a tile");
        FillAddresses(block * BlockPositions, count, padded, group, table);

        var arguments = new GatherTileArguments
        {
            SourceStride = BlockPositions,
            FilterChannels = Layout.Inputs,
            Ceiling = Ceiling,
        };
        int firstPanel = run * PanelsPerItem;
        int lastPanel = Math.Min(Layout.Panels, firstPanel + PanelsPerItem);
        int pieceRows = Math.Max(16, PieceValues / Layout.PanelWidth);
        int channelPieces = (Layout.Inputs + pieceRows - 1) / pieceRows;
        int pieceChannels = (Layout.Inputs + channelPieces - 1) / channelPieces;
        int pieceTaps = channelPieces > 1 ? 1 : Math.Max(1, pieceRows / Layout.Inputs);
        for (int tap = 0; tap == 0 || tap < Plan.Taps; tap += pieceTaps)
        {
            for (int channel = 0; channel < Layout.Inputs; channel += pieceChannels)
            {
                arguments.FilterTaps = Plan.FilterTap + tap;
                arguments.Taps = Math.Min(pieceTaps, Plan.Taps - tap);
                arguments.Channel = channel;
                arguments.Channels = Math.Min(pieceChannels, Layout.Inputs - channel);
                bool first = tap == 0 && channel == 0;
                bool last = tap + pieceTaps >= Plan.Taps && channel + pieceChannels >= Layout.Inputs;
                arguments.Load = Accumulate || !first;
                arguments.Rectify = Rectify && last;

                // Sums that wait in a cache for the next piece are better off there.
                arguments.Stream = Stream && last && first;
                for (int panel = firstPanel; panel < lastPanel; panel++)
                {
                    RunPanel(ref arguments, panel, group, tap, padded, last, table, worker);
                }
            }
        }
    }

    private readonly void RunPanel(ref GatherTileArguments arguments, int panel, int group, int tap, int padded, bool last, float** table, int worker)
    {
        int columns = Layout.PanelVectors(panel);
        int valid = Math.Min(Layout.PanelWidth, Layout.Outputs - (panel * Layout.PanelWidth));
        nint offset = (nint)panel * Layout.PanelWidth;
        arguments.Filters = Filters + (group * Layout.GroupLength) + Layout.PanelOffset(panel);
        arguments.Bias = Bias is null ? null : Bias + (group * Layout.Outputs) + offset;
        arguments.DestinationOffset = offset;
        float** destinations = table + ((nint)Plan.Taps * BlockPositions);
        float** residuals = destinations + BlockPositions;
        bool edge = valid < columns * TSimd.Width;
        for (int tile = 0; tile < padded; tile += GatherTile<TSimd, TVector>.Rows)
        {
            arguments.Sources = table + ((nint)tap * BlockPositions) + tile;
            arguments.Destinations = destinations + tile;
            arguments.Residuals = last && Residual.Data is not null ? residuals + tile : null;
            if (edge)
            {
                RunEdgeTile(arguments, columns, valid, EdgeTiles + (worker * EdgeTileLength));
            }
            else
            {
                GatherTile<TSimd, TVector>.Run(columns, arguments);
            }
        }
    }

    // The last vector reaches past the map's channels: the tile is computed aside and only its valid part is copied.
    private static void RunEdgeTile(GatherTileArguments arguments, int columns, int valid, float* aside)
    {
        const int rows = GatherTile<TSimd, TVector>.Rows;
        float** destinations = arguments.Destinations;
        float** residuals = arguments.Residuals;
        nint offset = arguments.DestinationOffset;
        float** asideRows = stackalloc float*[rows];
        int width = columns * TSimd.Width;
        for (int row = 0; row < rows; row++)
        {
            asideRows[row] = aside + (row * width);
            if (arguments.Load)
            {
                Buffer.MemoryCopy(destinations[row] + offset, asideRows[row], valid * sizeof(float), valid * sizeof(float));
            }
        }

        bool rectify = arguments.Rectify;
        arguments.Destinations = asideRows;
        arguments.DestinationOffset = 0;
        arguments.Residuals = null;
        arguments.Rectify = false;
        arguments.Stream = false;
        GatherTile<TSimd, TVector>.Run(columns, arguments);
        for (int row = 0; row < rows; row++)
        {
            float* destination = destinations[row] + offset;
            for (int channel = 0; channel < valid; channel++)
            {
                float value = asideRows[row][channel];
                value += residuals is null ? 0 : residuals[row][offset + channel];
                destination[channel] = rectify ? MathF.Min(MathF.Max(value, 0), arguments.Ceiling) : value;
            }
        }
    }

    private readonly void FillAddresses(int start, int count, int padded, int group, float** table)
    {
        int gridPixels = Plan.GridHeight * Plan.GridWidth;
        int image = start / gridPixels;
        int gridY = start % gridPixels / Plan.GridWidth;
        int gridX = start % gridPixels % Plan.GridWidth;
        float** destinations = table + ((nint)Plan.Taps * BlockPositions);
        float** residuals = destinations + BlockPositions;
        nint sourceChannel = (nint)group * Layout.Inputs;
        nint destinationChannel = (nint)group * Layout.Outputs;
        for (int i = 0; i < count; i++)
        {
            int baseY = gridY * Plan.SourceStepY;
            int baseX = gridX * Plan.SourceStepX;
            float* source = Source.Data + sourceChannel + ((((nint)image * Source.Height) + baseY) * Source.Width * Source.Stride) + (baseX * Source.Stride);
            float** entry = table + i;
            for (int tap = 0; tap < Plan.Taps; tap++)
            {
                int y = Plan.TapY[tap];
                int x = Plan.TapX[tap];
                bool inside = (uint)(baseY + y) < (uint)Source.Height && (uint)(baseX + x) < (uint)Source.Width;
                *entry = inside ? source + ((((nint)y * Source.Width) + x) * Source.Stride) : ZeroRow;
                entry += BlockPositions;
            }

            nint position = ((((nint)image * Destination.Height) + Plan.OriginY + (gridY * Plan.StepY)) * Destination.Width) + Plan.OriginX + (gridX * Plan.StepX);
            destinations[i] = Destination.Data + (position * Destination.Stride) + destinationChannel;
            residuals[i] = Residual.Data is null ? DummyRow : Residual.Data + (position * Residual.Stride) + destinationChannel;
            if (++gridX == Plan.GridWidth)
            {
                gridX = 0;
                if (++gridY == Plan.GridHeight)
                {
                    gridY = 0;
                    image++;
                }
            }
        }

        for (int i = count; i < padded; i++)
        {
            for (int tap = 0; tap < Plan.Taps; tap++)
            {
                table[((nint)tap * BlockPositions) + i] = ZeroRow;
            }

            destinations[i] = DummyRow;
            residuals[i] = DummyRow;
        }
    }
}

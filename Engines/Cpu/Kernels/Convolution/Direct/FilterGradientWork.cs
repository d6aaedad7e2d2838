using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution.Direct;

/// <summary>
/// A whole filter gradient, cut into items of a slice of the positions by a run of panels. The number of slices follows from the sizes
/// alone, and slices are summed in order, so the result does not depend on the number of threads.
/// </summary>
internal unsafe struct FilterGradientWork<TSimd, TVector> : IParallelWork
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Positions whose activations and gradients are used together while they are in cache.</summary>
    public const int BlockPositions = 64;

    private const int WantedItems = 16;
    private const int SmallFilter = 1 << 16;
    private const int SmallestSlice = 256;

    public GatherPlan Plan;
    public GatherMap Source;
    public float* Gradients;
    public nint GradientStride;
    public FilterLayout Layout;
    public float* Destination;
    public float* Partials;
    public float* ZeroRow;
    public float** Pointers;
    public long PointersPerWorker;
    public float* Packed;
    public int Batch;
    public int Slices;
    public int PanelsPerItem;

    public readonly int Items => Slices * Layout.Groups * PanelRuns;

    private readonly int PanelRuns => (Layout.Panels + PanelsPerItem - 1) / PanelsPerItem;

    private readonly int Positions => Batch * Plan.GridHeight * Plan.GridWidth;

    /// <summary>Values of one worker's packed gradients.</summary>
    public static long PackedPerWorker => BlockPositions * TSimd.Width * TSimd.PanelVectors;

    public static long PointersNeeded(int taps) => 2L * taps * BlockPositions;

    public void ChooseItems()
    {
        // A small filter's gradient stays in cache whole, so that activations are read once; a large one is shared by its panels.
        int panels = Layout.Panels * Layout.Groups;
        bool small = Layout.Length <= SmallFilter;
        int wantedSlices = small ? WantedItems : (WantedItems + panels - 1) / panels;
        Slices = Math.Clamp(wantedSlices, 1, Math.Max(1, Positions / SmallestSlice));
        PanelsPerItem = small ? Layout.Panels : Math.Max(1, panels / WantedItems);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int item, int worker)
    {
        int run = item % PanelRuns;
        int group = item / PanelRuns % Layout.Groups;
        int slice = item / (PanelRuns * Layout.Groups);
        int start = (int)((long)Positions * slice / Slices);
        int end = (int)((long)Positions * (slice + 1) / Slices);
        float** table = Pointers + (worker * PointersPerWorker);
        float** nextTable = table + ((nint)Plan.Taps * BlockPositions);
        float* destination = (slice == 0 ? Destination : Partials + ((slice - 1) * Layout.Length)) + (group * Layout.GroupLength);
        int firstPanel = run * PanelsPerItem;
        int lastPanel = Math.Min(Layout.Panels, firstPanel + PanelsPerItem);
        nint gradientChannel = ((nint)group * Layout.Outputs) + ((nint)firstPanel * Layout.PanelWidth);
        int gradientChannels = Math.Min(lastPanel * Layout.PanelWidth, Layout.Outputs) - (firstPanel * Layout.PanelWidth);
        FillAddresses(start, Math.Min(BlockPositions, end - start), group, table);
        for (int position = start; position < end; position += BlockPositions)
        {
            int count = Math.Min(BlockPositions, end - position);
            int nextPosition = position + count;
            int nextCount = Math.Min(BlockPositions, end - nextPosition);
            FillAddresses(nextPosition, nextCount, group, nextTable);
            var ahead = new BlockAhead
            {
                // The last tap of a position is the one that no position before it has read.
                Sources = nextTable + ((nint)(Plan.Taps - 1) * BlockPositions),
                SourceChannels = Layout.Inputs,
                Gradients = Gradients + (nextPosition * GradientStride) + gradientChannel,
                GradientStride = GradientStride,
                GradientChannels = gradientChannels,
                Remaining = nextCount,
                Share = (nextCount + TilesOfBlock(lastPanel - firstPanel) - 1) / TilesOfBlock(lastPanel - firstPanel),
            };
            for (int panel = firstPanel; panel < lastPanel; panel++)
            {
                var arguments = new FilterGradientArguments
                {
                    Gradients = Gradients + (position * GradientStride) + gradientChannel + ((nint)(panel - firstPanel) * Layout.PanelWidth),
                    GradientStride = GradientStride,
                    Positions = count,
                    Accumulate = position > start,
                };
                RunPanel(ref arguments, ref ahead, panel, destination + Layout.PanelOffset(panel), table, Packed + (worker * PackedPerWorker));
            }

            float** used = table;
            table = nextTable;
            nextTable = used;
        }
    }

    private readonly int TilesOfBlock(int panels) =>
        panels * Plan.Taps * ((Layout.Inputs + FilterGradientTile<TSimd, TVector>.Rows - 1) / FilterGradientTile<TSimd, TVector>.Rows);

    private readonly void RunPanel(ref FilterGradientArguments arguments, ref BlockAhead ahead, int panel, float* destination, float** table, float* packed)
    {
        const int rows = FilterGradientTile<TSimd, TVector>.Rows;
        int columns = Layout.PanelVectors(panel);
        PackGradients(ref arguments, columns, packed);
        for (int tap = 0; tap < Plan.Taps; tap++)
        {
            arguments.Sources = table + ((nint)tap * BlockPositions);
            for (int channel = 0; channel < Layout.Inputs; channel += rows)
            {
                ahead.Fetch();
                arguments.Channel = channel;
                arguments.Destination = destination + ((((nint)tap * Layout.Inputs) + channel) * columns * TSimd.Width);
                FilterGradientTile<TSimd, TVector>.Run(Math.Min(rows, Layout.Inputs - channel), columns, arguments);
            }
        }
    }

    // Rows a power of two apart fall into few sets of the first-level cache; side by side a block's panel stays there.
    private static void PackGradients(ref FilterGradientArguments arguments, int columns, float* packed)
    {
        int width = columns * TSimd.Width;
        if (arguments.GradientStride <= width)
        {
            return;
        }

        float* from = arguments.Gradients;
        float* to = packed;
        for (int position = 0; position < arguments.Positions; position++)
        {
            for (int c = 0; c < width; c += TSimd.Width)
            {
                TSimd.Store(TSimd.Load(from + c), to + c);
            }

            from += arguments.GradientStride;
            to += width;
        }

        arguments.Gradients = packed;
        arguments.GradientStride = width;
    }

    private readonly void FillAddresses(int start, int count, int group, float** table)
    {
        int gridPixels = Plan.GridHeight * Plan.GridWidth;
        int image = start / gridPixels;
        int gridY = start % gridPixels / Plan.GridWidth;
        int gridX = start % gridPixels % Plan.GridWidth;
        for (int i = 0; i < count; i++)
        {
            int baseY = gridY * Plan.SourceStepY;
            int baseX = gridX * Plan.SourceStepX;
            float* source = Source.Data + ((nint)group * Layout.Inputs) + ((((nint)image * Source.Height) + baseY) * Source.Width * Source.Stride) + (baseX * Source.Stride);
            float** entry = table + i;
            for (int tap = 0; tap < Plan.Taps; tap++)
            {
                int y = Plan.TapY[tap];
                int x = Plan.TapX[tap];
                bool inside = (uint)(baseY + y) < (uint)Source.Height && (uint)(baseX + x) < (uint)Source.Width;
                *entry = inside ? source + ((((nint)y * Source.Width) + x) * Source.Stride) : ZeroRow;
                entry += BlockPositions;
            }

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
    }
}

/// <summary>Prefetches the next block's activations and gradients, a share with each tile: hardware does not predict their strides.</summary>
internal unsafe struct BlockAhead
{
    private const int LineValues = 16;

    public float** Sources;
    public int SourceChannels;
    public float* Gradients;
    public nint GradientStride;
    public int GradientChannels;
    public int Remaining;
    public int Share;

    public void Fetch()
    {
        int last = Math.Max(0, Remaining - Share);
        while (Remaining > last)
        {
            Remaining--;
            float* source = *Sources++;
            for (int channel = 0; channel < SourceChannels; channel += LineValues)
            {
                CacheHint.Prefetch(source + channel);
            }

            for (int channel = 0; channel < GradientChannels; channel += LineValues)
            {
                CacheHint.Prefetch(Gradients + channel);
            }

            Gradients += GradientStride;
        }
    }
}

/// <summary>Sums partial results in order: the first stands at the destination, the others follow each other.</summary>
internal unsafe struct SumPartialsWork<TSimd, TVector> : IParallelWork
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public const int Chunk = 4096;

    public float* Destination;
    public float* Partials;
    public int Count;
    public long Length;

    public readonly int Items => (int)((Length + Chunk - 1) / Chunk);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int item, int worker)
    {
        long start = (long)item * Chunk;
        long end = Math.Min(Length, start + Chunk);
        long i = start;
        for (; i <= end - TSimd.Width; i += TSimd.Width)
        {
            TVector sum = TSimd.Load(Destination + i);
            for (int part = 0; part < Count; part++)
            {
                sum = TSimd.Add(sum, TSimd.Load(Partials + (part * Length) + i));
            }

            TSimd.Store(sum, Destination + i);
        }

        for (; i < end; i++)
        {
            for (int part = 0; part < Count; part++)
            {
                Destination[i] += Partials[(part * Length) + i];
            }
        }
    }
}

using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution.Winograd;

/// <summary>
/// A convolution by Winograd's minimal filtering. An item is a chunk of tiles: its inputs are transformed once,
/// then, a panel at a time, 36 matrix products and the outputs' transform run while everything is in the second-level cache.
/// </summary>
internal unsafe struct WinogradForwardWork<TSimd, TVector, TRule> : IParallelWork
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TRule : struct, IWinogradRule
{
    private const int Points = WinogradTransforms<TSimd, TVector, TRule>.Points;
    private const int Products = WinogradTransforms<TSimd, TVector, TRule>.Products;
    private const int TileRows = GatherTile<TSimd, TVector>.Rows;

    private const int PieceValues = GatherWork<TSimd, TVector>.PieceValues;

    public WinogradTiling Tiling;
    public GatherMap Source;
    public GatherMap Destination;
    public GatherMap Residual;
    public WinogradFilterLayout FilterLayout;
    public float* Filters;
    public float* Bias;
    public float* ZeroRow;
    public float* DummyRow;
    public float* Scratch;
    public float** Pointers;
    public int PaddingTop;
    public int PaddingLeft;
    public int ChunkTiles;
    public bool Rectify;
    public float Ceiling;

    /// <summary>Whether outputs go past the caches.</summary>
    public bool Streaming;

    public readonly int Items => (Tiling.Count + ChunkTiles - 1) / ChunkTiles;

    public readonly long ScratchPerWorker => InputLength + ProductLength + (Products * TSimd.Width);

    public static long PointersPerWorker(int chunkTiles) => (2 * Products) + (2 * TRule.Outputs * TRule.Outputs) + (2L * chunkTiles);

    private readonly FilterLayout Layout => FilterLayout.Filters;

    private readonly nint InputStride => ((nint)ChunkTiles * Layout.Inputs) + WinogradFilterLayout.Padding;

    private readonly nint ProductStride => ((nint)ChunkTiles * Layout.PanelWidth) + WinogradFilterLayout.Padding;

    private readonly long InputLength => Products * (long)InputStride;

    private readonly long ProductLength => Products * (long)ProductStride;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int item, int worker)
    {
        int first = item * ChunkTiles;
        int count = Math.Min(ChunkTiles, Tiling.Count - first);
        float* inputs = Scratch + (worker * ScratchPerWorker);
        float* products = inputs + InputLength;
        float* scratch = products + ProductLength;
        float** pointers = Pointers + (worker * PointersPerWorker(ChunkTiles));
        float** sources = pointers;
        float** next = pointers + Products;
        FillSources(first, sources);
        for (int i = 0; i < count; i++)
        {
            FillSources(Math.Min(first + i + 1, Tiling.Count - 1), next);
            WinogradTransforms<TSimd, TVector, TRule>.Input(sources, next, inputs + ((nint)i * Layout.Inputs), InputStride, Layout.Inputs, scratch);
            float** used = sources;
            sources = next;
            next = used;
        }

        for (int panel = 0; panel < Layout.Panels; panel++)
        {
            int columns = Layout.PanelVectors(panel);
            Multiply(panel, columns, count, inputs, products, pointers);
            WriteOutputs(panel, columns * TSimd.Width, first, count, products, scratch, pointers);
        }
    }

    private readonly void FillSources(int tile, float** addresses)
    {
        Tiling.Locate(tile, out int image, out int row, out int column);
        WinogradAddresses.Fill(Source, image, (row * TRule.Outputs) - PaddingTop, (column * TRule.Outputs) - PaddingLeft, Points, ZeroRow, addresses);
    }

    private readonly void Multiply(int panel, int columns, int count, float* inputs, float* products, float** pointers)
    {
        int width = columns * TSimd.Width;
        int pieces = ((Layout.Inputs * width) + PieceValues - 1) / PieceValues;
        int pieceChannels = (Layout.Inputs + pieces - 1) / pieces;
        int rows = (count + TileRows - 1) / TileRows * TileRows;
        float** sources = pointers;
        float** destinations = pointers + rows;
        int firstTap = 0;
        var arguments = new GatherTileArguments { FilterTaps = &firstTap, Taps = 1, FilterChannels = Layout.Inputs };
        for (int product = 0; product < Products; product++)
        {
            for (int i = 0; i < rows; i++)
            {
                sources[i] = inputs + (product * InputStride) + ((nint)i * Layout.Inputs);
                destinations[i] = products + (product * ProductStride) + ((nint)i * width);
            }

            arguments.Filters = Filters + FilterLayout.PanelOffset(panel) + (product * FilterLayout.MatrixStride(panel));
            for (int channel = 0; channel < Layout.Inputs; channel += pieceChannels)
            {
                arguments.Channel = channel;
                arguments.Channels = Math.Min(pieceChannels, Layout.Inputs - channel);
                arguments.Load = channel > 0;
                for (int i = 0; i < rows; i += TileRows)
                {
                    arguments.Sources = sources + i;
                    arguments.Destinations = destinations + i;
                    GatherTile<TSimd, TVector>.Run(columns, arguments);
                }
            }
        }
    }

    private readonly void WriteOutputs(int panel, int width, int first, int count, float* products, float* scratch, float** pointers)
    {
        nint offset = (nint)panel * Layout.PanelWidth;
        float** destinations = pointers;
        float** residuals = pointers + (TRule.Outputs * TRule.Outputs);
        var epilogue = new WinogradEpilogue
        {
            Bias = Bias is null ? null : Bias + offset,
            Residuals = Residual.Data is null ? null : residuals,
            Rectify = Rectify,
            Ceiling = Ceiling,
        };
        for (int i = 0; i < count; i++)
        {
            Tiling.Locate(first + i, out int image, out int row, out int column);
            WinogradAddresses.Fill(Destination, image, row * TRule.Outputs, column * TRule.Outputs, TRule.Outputs, DummyRow, destinations);
            if (Residual.Data is not null)
            {
                WinogradAddresses.Fill(Residual, image, row * TRule.Outputs, column * TRule.Outputs, TRule.Outputs, DummyRow, residuals);
            }

            WinogradTransforms<TSimd, TVector, TRule>.Output(products + ((nint)i * width), ProductStride, destinations, offset, width, epilogue, Streaming, scratch);
        }
    }
}

using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution.Winograd;

/// <summary>Transforms a run of tiles: inputs for <c>[36, tiles, input channels]</c>, output gradients likewise. An item is a few tiles.</summary>
internal unsafe struct WinogradTransformWork<TSimd, TVector, TRule> : IParallelWork
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TRule : struct, IWinogradRule
{
    private const int Points = WinogradTransforms<TSimd, TVector, TRule>.Points;
    private const int Products = WinogradTransforms<TSimd, TVector, TRule>.Products;
    private const int TilesPerItem = 8;

    public WinogradTiling Tiling;
    public GatherMap Inputs;
    public GatherMap Gradients;
    public int InputChannels;
    public int OutputChannels;
    public float* TransformedInputs;
    public float* TransformedGradients;
    public nint InputStride;
    public nint GradientStride;
    public float* ZeroRow;
    public float* Scratch;
    public float** Pointers;
    public int First;
    public int Count;
    public int PaddingTop;
    public int PaddingLeft;

    public static int PointersPerWorker => 4 * Products;

    public readonly int Items => (Count + TilesPerItem - 1) / TilesPerItem;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int item, int worker)
    {
        float* scratch = Scratch + ((nint)worker * Products * TSimd.Width);
        float** inputs = Pointers + (worker * PointersPerWorker);
        float** nextInputs = inputs + Products;
        float** gradients = nextInputs + Products;
        float** nextGradients = gradients + Products;
        int first = item * TilesPerItem;
        int last = Math.Min(Count, first + TilesPerItem);
        FillAddresses(first, inputs, gradients);
        for (int i = first; i < last; i++)
        {
            FillAddresses(i + 1, nextInputs, nextGradients);
            WinogradTransforms<TSimd, TVector, TRule>.Input(inputs, nextInputs, TransformedInputs + ((nint)i * InputChannels), InputStride, InputChannels, scratch);
            WinogradTransforms<TSimd, TVector, TRule>.OutputGradient(gradients, nextGradients, TransformedGradients + ((nint)i * OutputChannels), GradientStride, OutputChannels, scratch);
            float** used = inputs;
            inputs = nextInputs;
            nextInputs = used;
            used = gradients;
            gradients = nextGradients;
            nextGradients = used;
        }
    }

    // A tile after the last is addressed like the last: it is only fetched.
    private readonly void FillAddresses(int tile, float** inputs, float** gradients)
    {
        Tiling.Locate(Math.Min(First + tile, Tiling.Count - 1), out int image, out int row, out int column);
        int top = row * TRule.Outputs;
        int left = column * TRule.Outputs;
        WinogradAddresses.Fill(Inputs, image, top - PaddingTop, left - PaddingLeft, Points, ZeroRow, inputs);
        WinogradAddresses.Fill(Gradients, image, top, left, TRule.Outputs, ZeroRow, gradients);
    }
}

/// <summary>
/// The matrix products of a filter gradient: for each of the 36, inputs transposed times gradients, summed over a run of tiles in their
/// order. An item is one panel of one product.
/// </summary>
internal unsafe struct WinogradFilterGradientWork<TSimd, TVector> : IParallelWork
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int BlockTiles = FilterGradientWork<TSimd, TVector>.BlockPositions;

    public WinogradFilterLayout FilterLayout;
    public float* Inputs;
    public float* Gradients;
    public nint InputStride;
    public nint GradientStride;
    public float* Destination;
    public float** Pointers;
    public int Count;
    public bool Accumulate;

    public static int PointersPerWorker => BlockTiles;

    public readonly int Items => WinogradTransforms<TSimd, TVector, FourByThree>.Products * Layout.Panels;

    private readonly FilterLayout Layout => FilterLayout.Filters;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int item, int worker)
    {
        int product = item / Layout.Panels;
        int panel = item % Layout.Panels;
        int columns = Layout.PanelVectors(panel);
        int width = columns * TSimd.Width;
        float** sources = Pointers + (worker * PointersPerWorker);
        float* inputs = Inputs + (product * InputStride);
        float* destination = Destination + FilterLayout.PanelOffset(panel) + (product * FilterLayout.MatrixStride(panel));
        var arguments = new FilterGradientArguments { Sources = sources, GradientStride = Layout.Outputs };
        for (int first = 0; first < Count; first += BlockTiles)
        {
            arguments.Positions = Math.Min(BlockTiles, Count - first);
            for (int i = 0; i < arguments.Positions; i++)
            {
                sources[i] = inputs + ((nint)(first + i) * Layout.Inputs);
            }

            arguments.Gradients = Gradients + (product * GradientStride) + ((nint)first * Layout.Outputs) + ((nint)panel * Layout.PanelWidth);
            arguments.Accumulate = Accumulate || first > 0;
            for (int channel = 0; channel < Layout.Inputs; channel += FilterGradientTile<TSimd, TVector>.Rows)
            {
                arguments.Channel = channel;
                arguments.Destination = destination + ((nint)channel * width);
                FilterGradientTile<TSimd, TVector>.Run(Math.Min(FilterGradientTile<TSimd, TVector>.Rows, Layout.Inputs - channel), columns, arguments);
            }
        }
    }
}

using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution.Winograd;

/// <summary>Transforms packed filters, or the gradient of transformed ones back. An item is one panel's run of input channels.</summary>
internal unsafe struct WinogradFilterWork<TSimd, TVector, TRule> : IParallelWork
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TRule : struct, IWinogradRule
{
    private const int ChannelsPerItem = 32;

    public WinogradFilterLayout Layout;
    public float* Filters;
    public float* Transformed;
    public float* Scratch;

    /// <summary>Whether filters are read from their last tap to the first, as an input gradient does.</summary>
    public bool Flip;

    /// <summary>Whether gradients go back instead of filters forth.</summary>
    public bool Gradient;

    public readonly int Items => Layout.Filters.Panels * ChannelRuns;

    private readonly int ChannelRuns => (Layout.Filters.Inputs + ChannelsPerItem - 1) / ChannelsPerItem;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int item, int worker)
    {
        int panel = item / ChannelRuns;
        int first = item % ChannelRuns * ChannelsPerItem;
        int last = Math.Min(Layout.Filters.Inputs, first + ChannelsPerItem);
        int width = Layout.Filters.PanelVectors(panel) * TSimd.Width;
        nint step = (nint)Layout.Filters.Inputs * width;
        nint matrix = Layout.MatrixStride(panel);
        float* filters = Filters + Layout.Filters.PanelOffset(panel);
        float* transformed = Transformed + Layout.PanelOffset(panel);
        float* scratch = Scratch + (worker * WinogradTransforms<TSimd, TVector, TRule>.Products * TSimd.Width);
        for (int channel = first; channel < last; channel++)
        {
            for (int c = 0; c < width; c += TSimd.Width)
            {
                nint offset = ((nint)channel * width) + c;
                if (Gradient)
                {
                    WinogradTransforms<TSimd, TVector, TRule>.FilterGradient(transformed + offset, matrix, filters + offset, step, scratch);
                }
                else if (Flip)
                {
                    WinogradTransforms<TSimd, TVector, TRule>.Filter(filters + offset + ((Layout.Filters.Taps - 1) * step), -step, transformed + offset, matrix, scratch);
                }
                else
                {
                    WinogradTransforms<TSimd, TVector, TRule>.Filter(filters + offset, step, transformed + offset, matrix, scratch);
                }
            }
        }
    }
}

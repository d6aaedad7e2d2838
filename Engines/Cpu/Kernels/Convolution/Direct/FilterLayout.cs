using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;

namespace MLClassify.Engines.Cpu.Kernels.Convolution.Direct;

/// <summary>
/// The order in which filters live: for each group, panels of up to <see cref="PanelWidth"/> output channels, each
/// <c>[filter row, filter column, input channel, panel's channels]</c>, so that a tile reads them in one stream. A panel's channels are
/// rounded up to whole vectors; the surplus is zero. Depthwise filters are <c>[filter row, filter column, channel]</c>.
/// </summary>
internal readonly record struct FilterLayout
{
    private readonly int _vectorWidth;

    private FilterLayout(int outputs, int inputs, int taps, int groups, int vectorWidth, int panelVectors, bool depthwise)
    {
        _vectorWidth = vectorWidth;
        PanelWidth = vectorWidth * panelVectors;
        Outputs = outputs;
        Inputs = inputs;
        Taps = taps;
        Groups = groups;
        IsDepthwise = depthwise;
    }

    /// <summary>Output channels of a full panel.</summary>
    public int PanelWidth { get; }

    /// <summary>Output channels of one group.</summary>
    public int Outputs { get; }

    /// <summary>Input channels of one group.</summary>
    public int Inputs { get; }

    /// <summary>Filter positions.</summary>
    public int Taps { get; }

    /// <summary>Groups.</summary>
    public int Groups { get; }

    /// <summary>Whether each channel has its own filter.</summary>
    public bool IsDepthwise { get; }

    /// <summary>Panels of one group.</summary>
    public int Panels => (Outputs + PanelWidth - 1) / PanelWidth;

    /// <summary>Values of one group, padding included.</summary>
    public long GroupLength => (long)RoundUp(Outputs) * Taps * Inputs;

    /// <summary>Values altogether, padding included.</summary>
    public long Length => IsDepthwise ? (long)Taps * Groups : GroupLength * Groups;

    /// <summary>The layout for a width.</summary>
    /// <typeparam name="TSimd">The width.</typeparam>
    /// <typeparam name="TVector">Its vector.</typeparam>
    /// <param name="outputs">Output channels, all groups together.</param>
    /// <param name="groupInputs">Input channels of one group.</param>
    /// <param name="taps">Filter positions.</param>
    /// <param name="groups">Groups.</param>
    public static FilterLayout For<TSimd, TVector>(int outputs, int groupInputs, int taps, int groups)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        bool depthwise = groups > 1 && groupInputs == 1 && outputs == groups;
        return new FilterLayout(outputs / groups, groupInputs, taps, groups, TSimd.Width, TSimd.PanelVectors, depthwise);
    }

    /// <summary>Vectors of a panel.</summary>
    /// <param name="panel">The panel's number in its group.</param>
    public int PanelVectors(int panel) => (Math.Min(PanelWidth, Outputs - (panel * PanelWidth)) + _vectorWidth - 1) / _vectorWidth;

    /// <summary>Where a panel begins in its group.</summary>
    /// <param name="panel">The panel's number in its group.</param>
    public long PanelOffset(int panel) => (long)panel * PanelWidth * Taps * Inputs;

    /// <summary>Fills the padding of a packed filter's last panel with zeros.</summary>
    /// <param name="packed">The packed filter.</param>
    public unsafe void ClearPadding(float* packed)
    {
        if (IsDepthwise || Outputs % _vectorWidth == 0)
        {
            return;
        }

        int panel = Panels - 1;
        int width = PanelVectors(panel) * _vectorWidth;
        int valid = Outputs - (panel * PanelWidth);
        for (int group = 0; group < Groups; group++)
        {
            float* p = packed + (group * GroupLength) + PanelOffset(panel);
            for (long row = 0; row < (long)Taps * Inputs; row++, p += width)
            {
                new Span<float>(p + valid, width - valid).Clear();
            }
        }
    }

    /// <summary>Multiplies every output channel's filter by a factor, in double precision.</summary>
    /// <param name="packed">This order.</param>
    /// <param name="factors">One for each output channel, all groups together.</param>
    /// <param name="scaled">This order, <see cref="Length"/> values; padding is not written.</param>
    public void Scale(ReadOnlySpan<float> packed, ReadOnlySpan<double> factors, Span<float> scaled)
    {
        if (IsDepthwise)
        {
            ScaleRows(packed, factors, scaled, Taps, Groups);
            return;
        }

        for (int group = 0; group < Groups; group++)
        {
            for (int panel = 0; panel < Panels; panel++)
            {
                int channel = panel * PanelWidth;
                int start = checked((int)((group * GroupLength) + PanelOffset(panel)));
                ReadOnlySpan<double> own = factors.Slice((group * Outputs) + channel, Math.Min(PanelWidth, Outputs - channel));
                ScaleRows(packed[start..], own, scaled[start..], Taps * Inputs, PanelVectors(panel) * _vectorWidth);
            }
        }
    }

    /// <summary>Packs filters that stand as <c>[output channel, group's input channel, filter row, filter column]</c>.</summary>
    /// <param name="filters">The values in file order.</param>
    /// <param name="packed">This order, <see cref="Length"/> values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(ReadOnlySpan<float> filters, Span<float> packed)
    {
        packed[..checked((int)Length)].Clear();
        int length = Inputs * Taps;
        for (int output = 0; output < Outputs * Groups; output++)
        {
            ReadOnlySpan<float> own = filters.Slice(output * length, length);
            int first = First(output, out int inputStep, out int tapStep);
            for (int i = 0; i < own.Length; first += inputStep)
            {
                for (int tap = 0; tap < Taps; tap++)
                {
                    packed[first + (tap * tapStep)] = own[i++];
                }
            }
        }
    }

    /// <summary>The reverse of <see cref="Pack"/>.</summary>
    /// <param name="packed">This order.</param>
    /// <param name="filters">The values in file order.</param>
    public void Unpack(ReadOnlySpan<float> packed, Span<float> filters)
    {
        int length = Inputs * Taps;
        for (int output = 0; output < Outputs * Groups; output++)
        {
            Span<float> own = filters.Slice(output * length, length);
            int first = First(output, out int inputStep, out int tapStep);
            for (int i = 0; i < own.Length; first += inputStep)
            {
                for (int tap = 0; tap < Taps; tap++)
                {
                    own[i++] = packed[first + (tap * tapStep)];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleRows(ReadOnlySpan<float> packed, ReadOnlySpan<double> factors, Span<float> scaled, int rows, int width)
    {
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> from = packed.Slice(row * width, factors.Length);
            Span<float> to = scaled.Slice(row * width, factors.Length);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (float)(from[i] * factors[i]);
            }
        }
    }

    private int RoundUp(int channels) => (channels + _vectorWidth - 1) / _vectorWidth * _vectorWidth;

    // Where an output channel's first value lies, and how far the next input channel's and the next tap's are.
    private int First(int output, out int inputStep, out int tapStep)
    {
        if (IsDepthwise)
        {
            inputStep = 0;
            tapStep = Groups;
            return output;
        }

        (int group, int inGroup) = Math.DivRem(output, Outputs);
        (int panel, int lane) = Math.DivRem(inGroup, PanelWidth);
        inputStep = PanelVectors(panel) * _vectorWidth;
        tapStep = Inputs * inputStep;
        return checked((int)((group * GroupLength) + PanelOffset(panel))) + lane;
    }
}

using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;

namespace MLClassify.Engines.Cpu.Kernels.Convolution.Winograd;

/// <summary>
/// The order of transformed filters: panels as those of the filters, each 36 matrices <c>[input channel, panel's channels]</c>. A cache
/// line lies between matrices: their lengths are powers of two, and all 36 would fall into the same sets of a cache.
/// </summary>
internal readonly struct WinogradFilterLayout
{
    /// <summary>Values between two matrices.</summary>
    public const int Padding = 16;

    private const int Products = 36;

    public WinogradFilterLayout(in FilterLayout filters, int vectorWidth)
    {
        Filters = filters;
        VectorWidth = vectorWidth;
    }

    /// <summary>The order of the filters themselves.</summary>
    public FilterLayout Filters { get; }

    /// <summary>Channels of a vector.</summary>
    public int VectorWidth { get; }

    /// <summary>Values altogether.</summary>
    public long Length => PanelOffset(Filters.Panels - 1) + (Products * (long)MatrixStride(Filters.Panels - 1));

    /// <summary>Where a panel begins.</summary>
    public long PanelOffset(int panel) => (long)panel * Products * (((long)Filters.Inputs * Filters.PanelWidth) + Padding);

    /// <summary>Values from one of a panel's matrices to the next.</summary>
    public nint MatrixStride(int panel) => ((nint)Filters.Inputs * Filters.PanelVectors(panel) * VectorWidth) + Padding;
}

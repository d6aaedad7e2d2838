using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution;

/// <summary>
/// Copies a map of few channels with its border of zeros written out. A filter row then reads <c>kernel width * channels</c> values that
/// follow each other, instead of a few at a time. An item is one padded row of one sample.
/// </summary>
internal unsafe struct PadRowsWork : IParallelWork
{
    public GatherMap Source;
    public float* Destination;
    public int Channels;
    public int Height;
    public int Width;
    public int Top;
    public int Left;
    public int Batch;

    public readonly int Items => Batch * Height;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int item, int worker)
    {
        int image = item / Height;
        int y = (item % Height) - Top;
        float* row = Destination + ((long)item * Width * Channels);
        if ((uint)y >= (uint)Source.Height)
        {
            new Span<float>(row, Width * Channels).Clear();
            return;
        }

        // A border wider than the filter may leave nothing of the input in reach.
        int left = Math.Min(Left, Width);
        int copied = Math.Min(Width - left, Source.Width);
        new Span<float>(row, left * Channels).Clear();
        float* source = Source.Data + ((((long)image * Source.Height) + y) * Source.Width * Source.Stride);
        float* destination = row + (left * Channels);
        if (Source.Stride == Channels)
        {
            new Span<float>(source, copied * Channels).CopyTo(new Span<float>(destination, copied * Channels));
        }
        else
        {
            for (int x = 0; x < copied; x++)
            {
                new Span<float>(source + (x * Source.Stride), Channels).CopyTo(new Span<float>(destination + (x * Channels), Channels));
            }
        }

        new Span<float>(destination + (copied * Channels), (Width - left - copied) * Channels).Clear();
    }
}

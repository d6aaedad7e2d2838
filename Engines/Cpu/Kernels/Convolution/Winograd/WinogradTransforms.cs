using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;

namespace MLClassify.Engines.Cpu.Kernels.Convolution.Winograd;

/// <summary>
/// The two-dimensional transforms, a vector of channels at a time. A transformed tile's 36 values lie a stride apart, so that each of
/// them is a matrix <c>[tiles, channels]</c>. <c>scratch</c> holds 36 vectors.
/// </summary>
internal static unsafe class WinogradTransforms<TSimd, TVector, TRule>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TRule : struct, IWinogradRule
{
    public const int Points = WinogradLines<TSimd, TVector>.Points;
    public const int Products = Points * Points;

    /// <summary>A tile of 6 x 6 inputs, given by their addresses; fetches those of the next tile, which no hardware could foresee.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(float** sources, float** next, float* y, nint stride, int channels, float* scratch)
    {
        nint v = TSimd.Width;
        for (nint c = 0; c < channels; c += v)
        {
            for (int i = 0; i < Products; i++)
            {
                CacheHint.Prefetch(next[i] + c);
            }

            for (int row = 0; row < Points; row++)
            {
                float** line = sources + (row * Points);
                WinogradLines<TSimd, TVector>.Input(
                    TSimd.Load(line[0] + c),
                    TSimd.Load(line[1] + c),
                    TSimd.Load(line[2] + c),
                    TSimd.Load(line[3] + c),
                    TSimd.Load(line[4] + c),
                    TSimd.Load(line[5] + c),
                    scratch + (row * Points * v),
                    v);
            }

            for (int column = 0; column < Points; column++)
            {
                float* line = scratch + (column * v);
                WinogradLines<TSimd, TVector>.Input(
                    TSimd.Load(line),
                    TSimd.Load(line + (Points * v)),
                    TSimd.Load(line + (2 * Points * v)),
                    TSimd.Load(line + (3 * Points * v)),
                    TSimd.Load(line + (4 * Points * v)),
                    TSimd.Load(line + (5 * Points * v)),
                    y + (column * stride) + c,
                    Points * stride);
            }
        }
    }

    /// <summary>Products to a tile of outputs, which go where the addresses say after the epilogue's steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output(float* x, nint stride, float** destinations, nint offset, int channels, in WinogradEpilogue epilogue, bool streaming, float* scratch)
    {
        nint v = TSimd.Width;
        int outputs = TRule.Outputs;
        float* bias = epilogue.Bias;
        float** residuals = epilogue.Residuals;
        bool rectify = epilogue.Rectify;
        TVector ceiling = TSimd.Broadcast(epilogue.Ceiling);
        for (nint c = 0; c < channels; c += v)
        {
            for (int column = 0; column < Points; column++)
            {
                WinogradLines<TSimd, TVector>.Axpby(TRule.Outputs, x + (column * stride) + c, Points * stride, scratch + (column * v), Points * v);
            }

            TVector shift = bias is null ? TSimd.Zero : TSimd.Load(bias + c);
            for (int row = 0; row < outputs; row++)
            {
                float* line = scratch + (row * Points * v);
                WinogradLines<TSimd, TVector>.Axpby(TRule.Outputs, line, v, line, v);
                for (int column = 0; column < outputs; column++)
                {
                    int i = (row * outputs) + column;
                    TVector value = TSimd.Add(TSimd.Load(line + (column * v)), shift);
                    if (residuals is not null)
                    {
                        value = TSimd.Add(value, TSimd.Load(residuals[i] + offset + c));
                    }

                    if (rectify)
                    {
                        value = TSimd.Min(TSimd.Max(value, TSimd.Zero), ceiling);
                    }

                    if (streaming)
                    {
                        TSimd.StoreStreaming(value, destinations[i] + offset + c);
                    }
                    else
                    {
                        TSimd.Store(value, destinations[i] + offset + c);
                    }
                }
            }
        }
    }

    /// <summary>A tile of output gradients, given by their addresses, to the products' gradients; fetches the next tile's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OutputGradient(float** sources, float** next, float* y, nint stride, int channels, float* scratch)
    {
        nint v = TSimd.Width;
        int outputs = TRule.Outputs;
        float* lines = scratch + (Points * v);
        for (nint c = 0; c < channels; c += v)
        {
            for (int i = 0; i < outputs * outputs; i++)
            {
                CacheHint.Prefetch(next[i] + c);
            }

            for (int row = 0; row < outputs; row++)
            {
                for (int column = 0; column < outputs; column++)
                {
                    TSimd.Store(TSimd.Load(sources[(row * outputs) + column] + c), scratch + (column * v));
                }

                WinogradLines<TSimd, TVector>.Evaluate(TRule.Outputs, scratch, v, lines + (row * Points * v), v);
            }

            for (int column = 0; column < Points; column++)
            {
                WinogradLines<TSimd, TVector>.Evaluate(TRule.Outputs, lines + (column * v), Points * v, y + (column * stride) + c, Points * stride);
            }
        }
    }

    /// <summary>One vector of filters, its taps a step apart, the first row first.</summary>
    public static void Filter(float* filter, nint step, float* y, nint stride, float* scratch)
    {
        nint v = TSimd.Width;
        int kernel = TRule.Kernel;
        for (int row = 0; row < kernel; row++)
        {
            WinogradLines<TSimd, TVector>.Evaluate(TRule.Kernel, filter + (row * kernel * step), step, scratch + (row * Points * v), v);
        }

        for (int column = 0; column < Points; column++)
        {
            WinogradLines<TSimd, TVector>.Evaluate(TRule.Kernel, scratch + (column * v), Points * v, y + (column * stride), Points * stride);
        }

        Scale(y, stride);
    }

    /// <summary>The gradient of one vector of transformed filters, which it overwrites, to that of the filters.</summary>
    public static void FilterGradient(float* x, nint stride, float* gradient, nint step, float* scratch)
    {
        nint v = TSimd.Width;
        int kernel = TRule.Kernel;
        Scale(x, stride);

        for (int column = 0; column < Points; column++)
        {
            WinogradLines<TSimd, TVector>.Axpby(TRule.Kernel, x + (column * stride), Points * stride, scratch + (column * v), Points * v);
        }

        for (int row = 0; row < kernel; row++)
        {
            WinogradLines<TSimd, TVector>.Axpby(TRule.Kernel, scratch + (row * Points * v), v, gradient + (row * kernel * step), step);
        }
    }

    private static void Scale(float* x, nint stride)
    {
        ReadOnlySpan<float> factors = WinogradLines<TSimd, TVector>.Factors;
        for (int row = 0; row < Points; row++)
        {
            for (int column = 0; column < Points; column++)
            {
                TSimd.Store(TSimd.Multiply(TSimd.Broadcast(factors[row] * factors[column]), TSimd.Load(x)), x);
                x += stride;
            }
        }
    }
}

/// <summary>What happens to the outputs before they are written.</summary>
internal unsafe struct WinogradEpilogue
{
    /// <summary>The bias of the panel, or null.</summary>
    public float* Bias;

    /// <summary>Addresses of summands as those of the outputs, or null.</summary>
    public float** Residuals;

    /// <summary>Whether the result is rectified.</summary>
    public bool Rectify;

    /// <summary>ReLU's upper bound.</summary>
    public float Ceiling;
}

using System.Collections.Concurrent;
using MLClassify.Engines.Cpu.Kernels;

namespace MLClassify.Engines.Cpu.Tests.Convolution;

/// <summary>
/// One convolution with its operands and the double-precision results of the obvious loops. Computed once, shared by all widths.
/// </summary>
internal sealed class ConvolutionCase
{
    private static readonly ConcurrentDictionary<string, Lazy<ConvolutionCase>> Made = new(StringComparer.Ordinal);

    private ConvolutionCase(ConvolutionGeometry geometry, int seed)
    {
        G = geometry;
        var random = new Random(seed);
        X = Values(random, G.InputRows * G.InputChannels);
        W = Values(random, G.OutputChannels * G.GroupInputs * G.Taps);
        Bias = Values(random, G.OutputChannels);
        Residual = Values(random, G.OutputRows * G.OutputChannels);
        Dy = Values(random, G.OutputRows * G.OutputChannels);
        Existing = Values(random, X.Length);
        Y = new double[Dy.Length];
        Dx = new double[X.Length];
        Dw = new double[W.Length];
        Compute();
    }

    public ConvolutionGeometry G { get; }

    public float[] X { get; }

    /// <summary>Filters, <c>[out, in / groups, height, width]</c>.</summary>
    public float[] W { get; }

    public float[] Bias { get; }

    public float[] Residual { get; }

    public float[] Dy { get; }

    /// <summary>What stands at the input's gradient before it is added to.</summary>
    public float[] Existing { get; }

    /// <summary>Sums of products alone: no bias, no residual.</summary>
    public double[] Y { get; }

    public double[] Dx { get; }

    public double[] Dw { get; }

    /// <summary>Reads a geometry from its name, such as <c>n2 9x7 c3 o66 k3x3 s2x1 p1x1 g1</c>; padding is given before and mirrored behind.</summary>
    public static ConvolutionCase Of(string name) => Made.GetOrAdd(name, n => new(() => new ConvolutionCase(Parse(n), n.Length))).Value;

    private static ConvolutionGeometry Parse(string name)
    {
        string[] words = name.Split(' ');
        (int height, int width) = Pair(words[1]);
        (int kernelHeight, int kernelWidth) = Pair(words[4][1..]);
        (int strideY, int strideX) = Pair(words[5][1..]);
        (int top, int left) = Pair(words[6][1..]);
        return new ConvolutionGeometry
        {
            Batch = int.Parse(words[0][1..]),
            InputHeight = height,
            InputWidth = width,
            InputChannels = int.Parse(words[2][1..]),
            OutputHeight = ((height + (2 * top) - kernelHeight) / strideY) + 1,
            OutputWidth = ((width + (2 * left) - kernelWidth) / strideX) + 1,
            OutputChannels = int.Parse(words[3][1..]),
            KernelHeight = kernelHeight,
            KernelWidth = kernelWidth,
            StrideY = strideY,
            StrideX = strideX,
            PaddingTop = top,
            PaddingLeft = left,
            Groups = int.Parse(words[7][1..]),
        };
    }

    private static (int First, int Second) Pair(string text)
    {
        string[] sides = text.Split('x');
        return (int.Parse(sides[0]), int.Parse(sides[1]));
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];

    private void Compute()
    {
        for (int position = 0; position < G.OutputRows; position++)
        {
            int n = position / (G.OutputHeight * G.OutputWidth);
            int oy = position / G.OutputWidth % G.OutputHeight;
            int ox = position % G.OutputWidth;
            for (int tap = 0; tap < G.Taps; tap++)
            {
                int iy = (oy * G.StrideY) - G.PaddingTop + (tap / G.KernelWidth);
                int ix = (ox * G.StrideX) - G.PaddingLeft + (tap % G.KernelWidth);
                if (iy >= 0 && iy < G.InputHeight && ix >= 0 && ix < G.InputWidth)
                {
                    AddTap(position, tap, (((n * G.InputHeight) + iy) * G.InputWidth) + ix);
                }
            }
        }
    }

    private void AddTap(int outputPosition, int tap, int inputPosition)
    {
        for (int o = 0; o < G.OutputChannels; o++)
        {
            int y = (outputPosition * G.OutputChannels) + o;
            int firstInput = (inputPosition * G.InputChannels) + (o / G.GroupOutputs * G.GroupInputs);
            for (int i = 0; i < G.GroupInputs; i++)
            {
                int w = (((o * G.GroupInputs) + i) * G.Taps) + tap;
                Y[y] += (double)X[firstInput + i] * W[w];
                Dx[firstInput + i] += (double)Dy[y] * W[w];
                Dw[w] += (double)Dy[y] * X[firstInput + i];
            }
        }
    }
}

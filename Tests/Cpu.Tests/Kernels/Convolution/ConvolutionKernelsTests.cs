using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Kernels.Convolution;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;

namespace MLClassify.Engines.Cpu.Tests.Convolution;

public unsafe class ConvolutionKernelsTests
{
    // A gap of 3 puts every position at another alignment.
    private const int Gap = 3;

    /// <summary>Sizes below, at and above tiles, panels, blocks and pieces of every width, and every shape of window.</summary>
    public static IEnumerable<string> Cases { get; } =
    [
        // Tiles of 6 positions.
        .. new[] { 1, 5, 6, 7, 11, 12, 13 }.Select(n => $"n1 1x{n} c9 o20 k1x1 s1x1 p0x0 g1"),
        // Vectors and panels of output channels, vectors and panels of the input gradient's.
        .. new[] { 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 80, 127, 128, 129, 130 }.Select(o => $"n1 2x4 c5 o{o} k1x1 s1x1 p0x0 g1"),
        .. new[] { 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 129 }.Select(c => $"n1 2x4 c{c} o5 k3x3 s1x1 p1x1 g1"),
        // Blocks of 96 and 128 positions, slices of 256, and several of them.
        .. new[] { 95, 96, 97, 127, 128, 129, 191, 193, 511, 513, 2100 }.Select(n => $"n1 1x{n} c7 o9 k1x1 s1x1 p0x0 g1"),
        // Pieces of the filter: 128 rows of a panel at 512 bits, 512 at 256, 1024 at 128, 4096 for the scalar; in channels and in taps.
        .. new[] { 128, 129, 513, 1025, 4097 }.Select(c => $"n1 1x7 c{c} o5 k1x1 s1x1 p0x0 g1"),
        .. new[] { 128, 129, 513, 1025, 4097 }.Select(o => $"n1 1x7 c3 o{o} k1x1 s1x1 p0x0 g1"),
        "n1 3x4 c20 o66 k3x3 s1x1 p1x1 g1",
        "n1 3x4 c66 o20 k3x3 s1x1 p1x1 g1",
        "n1 3x2 c130 o9 k3x3 s1x1 p1x1 g1",
        "n1 3x2 c460 o3 k3x3 s1x1 p1x1 g1",
        "n1 3x2 c3 o460 k3x3 s1x1 p1x1 g1",
        // Many weights for few positions.
        "n5 1x1 c520 o512 k1x1 s1x1 p0x0 g1",
        "n70 1x1 c513 o512 k1x1 s1x1 p0x0 g1",
        "n2 3x2 c1025 o256 k1x1 s1x1 p0x0 g1",
        // Strides, also wider than the kernel, and sides that do not divide.
        "n2 9x7 c8 o18 k3x3 s2x2 p1x1 g1",
        "n2 9x7 c9 o18 k1x1 s2x2 p0x0 g1",
        "n1 11x10 c9 o6 k3x3 s3x3 p1x1 g1",
        "n1 13x9 c10 o6 k2x2 s4x4 p0x0 g1",
        "n1 13x9 c3 o6 k2x2 s4x4 p0x0 g1",
        "n1 10x11 c9 o6 k3x5 s2x3 p1x2 g1",
        "n1 10x11 c4 o6 k5x3 s1x2 p0x1 g1",
        "n2 3x3 c12 o10 k5x5 s1x1 p2x2 g1",
        "n1 5x6 c16 o8 k3x3 s1x1 p2x0 g1",
        "n1 1x9 c9 o8 k1x3 s1x1 p0x1 g1",
        // Few channels: filter rows merged, as in a first layer.
        "n2 9x8 c1 o17 k3x3 s1x1 p1x1 g1",
        "n1 17x15 c3 o33 k7x7 s2x2 p3x3 g1",
        "n1 23x19 c3 o20 k11x11 s4x4 p2x2 g1",
        "n1 6x5 c7 o9 k2x2 s1x1 p1x1 g1",
        "n1 6x5 c7 o9 k5x1 s1x1 p2x0 g1",
        // Padding wider than the kernel.
        "n1 2x1 c3 o5 k2x2 s8x8 p3x3 g1",
        "n1 3x2 c2 o4 k1x2 s1x1 p2x3 g1",
        "n1 3x2 c9 o4 k2x2 s3x3 p3x3 g1",
        // Groups that are not depthwise.
        "n2 5x4 c6 o10 k3x3 s1x1 p1x1 g2",
        "n1 5x4 c40 o66 k3x3 s2x2 p1x1 g2",
        "n1 5x4 c12 o6 k3x3 s1x1 p1x1 g6",
        "n1 5x4 c6 o12 k3x3 s2x1 p1x1 g6",
        "n1 5x4 c51 o51 k1x1 s1x1 p0x0 g3",
        // Depthwise.
        .. new[] { 2, 15, 16, 17, 33, 65 }.Select(c => $"n2 7x6 c{c} o{c} k3x3 s1x1 p1x1 g{c}"),
        "n9 5x6 c18 o18 k3x3 s2x2 p1x1 g18",
        "n1 9x8 c5 o5 k5x5 s2x3 p2x2 g5",
        "n1 7x9 c5 o5 k2x2 s4x4 p0x0 g5",
        "n1 2x1 c5 o5 k2x2 s8x8 p3x3 g5",
        "n1 3x2 c5 o5 k5x7 s1x1 p2x3 g5",
    ];

    /// <summary>Sizes at which Winograd's algorithm pays: every padding, ragged tiles, chunks, panels and pieces.</summary>
    public static IEnumerable<string> WinogradCases { get; } =
    [
        "n3 20x22 c16 o48 k3x3 s1x1 p1x1 g1",
        "n2 33x30 c32 o16 k3x3 s1x1 p1x1 g1",
        "n2 34x31 c16 o16 k3x3 s1x1 p0x0 g1",
        "n1 40x41 c32 o32 k3x3 s1x1 p2x2 g1",
        "n2 30x33 c16 o32 k3x3 s1x1 p0x2 g1",
        "n3 20x20 c16 o80 k3x3 s1x1 p1x1 g1",
        "n8 8x8 c288 o64 k3x3 s1x1 p1x1 g1",
        "n9 9x8 c64 o288 k3x3 s1x1 p1x1 g1",
    ];

    /// <summary>One of each path, large enough to be shared.</summary>
    public static IEnumerable<string> SharedCases { get; } =
    [
        "n2 30x30 c7 o9 k1x1 s1x1 p0x0 g1", "n2 19x17 c20 o70 k3x3 s2x2 p1x1 g1", "n2 21x23 c3 o33 k7x7 s2x2 p3x3 g1", "n9 8x9 c18 o18 k3x3 s1x1 p1x1 g18",
        "n2 12x12 c40 o66 k3x3 s1x1 p1x1 g2", "n3 1x1 c300 o140 k1x1 s1x1 p0x0 g1", "n33 1x1 c520 o512 k1x1 s1x1 p0x0 g1",
        "n3 20x22 c16 o80 k3x3 s1x1 p1x1 g1",
    ];

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Cases))]
    [LevelData(SimdLevel.Scalar, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector128, nameof(Cases))]
    [LevelData(SimdLevel.Vector128, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector256, nameof(Cases))]
    [LevelData(SimdLevel.Vector256, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector512, nameof(Cases))]
    [LevelData(SimdLevel.Vector512, nameof(WinogradCases))]
    internal void Forward_AnySizesAndEpilogues_MatchesNaiveSums(SimdLevel level, string name)
    {
        ConvolutionCase c = ConvolutionCase.Of(name);
        using var kernels = KernelSet.At(level);
        AssertForward(kernels, c, bias: false, residual: false, ceiling: null);
        AssertForward(kernels, c, bias: true, residual: false, ceiling: float.PositiveInfinity);
        AssertForward(kernels, c, bias: true, residual: true, ceiling: 0.5f);
        AssertForward(kernels, c, bias: false, residual: true, ceiling: null);
    }

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Cases))]
    [LevelData(SimdLevel.Scalar, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector128, nameof(Cases))]
    [LevelData(SimdLevel.Vector128, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector256, nameof(Cases))]
    [LevelData(SimdLevel.Vector256, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector512, nameof(Cases))]
    [LevelData(SimdLevel.Vector512, nameof(WinogradCases))]
    internal void InputGradient_AnySizes_MatchesNaiveSums(SimdLevel level, string name)
    {
        ConvolutionCase c = ConvolutionCase.Of(name);
        ConvolutionGeometry g = c.G;
        using var kernels = KernelSet.At(level);
        using Map dy = Slice(c.Dy, g.OutputRows, g.OutputChannels);
        using Map filters = Packed(kernels, c);
        foreach (bool accumulate in new[] { false, true })
        {
            using Map dx = accumulate ? Slice(c.Existing, g.InputRows, g.InputChannels) : new Map(g.InputRows, g.InputChannels, Gap);

            kernels.InputGradient(g, dy, filters.Data, dx, accumulate);

            double[] expected = accumulate ? [.. c.Dx.Zip(c.Existing, (sum, existing) => sum + existing)] : c.Dx;
            double largest = LargestProduct(c.Dy, c.W);
            Close.Assert(expected, dx.ToArray(), Amplification(kernels, g) * Close.OfSum(Math.Max(largest, accumulate ? 1 : 0), (g.Taps * g.GroupOutputs) + 1), "input gradient");
            dx.AssertSurroundingsUntouched();
        }
    }

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Cases))]
    [LevelData(SimdLevel.Scalar, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector128, nameof(Cases))]
    [LevelData(SimdLevel.Vector128, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector256, nameof(Cases))]
    [LevelData(SimdLevel.Vector256, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector512, nameof(Cases))]
    [LevelData(SimdLevel.Vector512, nameof(WinogradCases))]
    internal void FilterGradient_AnySizes_MatchesNaiveSumsAndZeroPadding(SimdLevel level, string name)
    {
        ConvolutionCase c = ConvolutionCase.Of(name);
        ConvolutionGeometry g = c.G;
        using var kernels = KernelSet.At(level);
        using Map x = Slice(c.X, g.InputRows, g.InputChannels);
        using Map dy = Slice(c.Dy, g.OutputRows, g.OutputChannels);
        FilterLayout layout = Layout(kernels, g);
        using var gradient = new Map(1, (int)layout.Length);

        kernels.FilterGradient(g, x, dy, gradient.Data);

        float[] packed = gradient.ToArray();
        float[] unpacked = new float[c.W.Length];
        layout.Unpack(packed, unpacked);
        Close.Assert(c.Dw, unpacked, Amplification(kernels, g) * Close.OfSum(LargestProduct(c.X, c.Dy), g.OutputRows), "filter gradient");
        gradient.AssertSurroundingsUntouched();

        // What is not a filter value must be zero, or an optimizer would carry it along.
        float[] repacked = new float[packed.Length];
        layout.Pack(unpacked, repacked);
        Assert.Equal(repacked, packed);
    }

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(SharedCases))]
    [LevelData(SimdLevel.Vector128, nameof(SharedCases))]
    [LevelData(SimdLevel.Vector256, nameof(SharedCases))]
    [LevelData(SimdLevel.Vector512, nameof(SharedCases))]
    internal void AllDirections_OneTwoThreeThreads_SameBits(SimdLevel level, string name)
    {
        ConvolutionCase c = ConvolutionCase.Of(name);
        float[][] expected = AllDirections(level, c, 1);
        foreach (int threads in new[] { 2, 3 })
        {
            float[][] actual = AllDirections(level, c, threads);
            Close.AssertSameBits(expected[0], actual[0], "output");
            Close.AssertSameBits(expected[1], actual[1], "input gradient");
            Close.AssertSameBits(expected[2], actual[2], "filter gradient");
        }
    }

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    internal void Forward_NotANumberInOneSample_StaysInItsReach(SimdLevel level)
    {
        ConvolutionCase c = ConvolutionCase.Of("n2 9x7 c8 o18 k3x3 s2x2 p1x1 g1");
        using var kernels = KernelSet.At(level);
        using Map x = Slice(c.X, c.G.InputRows, c.G.InputChannels);
        x[0, 3] = float.NaN;
        using Map filters = Packed(kernels, c);
        using var y = new Map(c.G.OutputRows, c.G.OutputChannels);

        kernels.Forward(c.G, x, filters.Data, new ConvolutionEpilogue { Rectify = true, Ceiling = 6 }, y);

        // The corner lies in the first window alone, whose rectified outputs must not hide it.
        for (int row = 0; row < y.Rows; row++)
        {
            for (int channel = 0; channel < y.Channels; channel++)
            {
                Assert.Equal(row == 0, float.IsNaN(y[row, channel]));
            }
        }
    }

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector128, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector256, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector512, nameof(WinogradCases))]
    internal void Winograd_AllDirections_ErrorBelowOneInTenThousand(SimdLevel level, string name)
    {
        ConvolutionCase c = ConvolutionCase.Of(name);
        using var kernels = KernelSet.At(level);
        Assert.True(kernels.PreparedLength(c.G) > 0, "Winograd's algorithm is expected here");

        float[][] actual = AllDirections(level, c, 2);

        FilterLayout layout = Layout(kernels, c.G);
        float[] dw = new float[c.W.Length];
        layout.Unpack(actual[2], dw);
        double[] y = [.. c.Y.Select((value, i) => value + c.Bias[i % c.G.OutputChannels])];
        Assert.InRange(RelativeError(y, actual[0]), 0, 1e-4);
        Assert.InRange(RelativeError(c.Dx, actual[1]), 0, 1e-4);
        Assert.InRange(RelativeError(c.Dw, dw), 0, 1e-4);
    }

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector128, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector256, nameof(WinogradCases))]
    [LevelData(SimdLevel.Vector512, nameof(WinogradCases))]
    internal void Forward_PreparedFilters_SameBitsAsUnprepared(SimdLevel level, string name)
    {
        ConvolutionCase c = ConvolutionCase.Of(name);
        ConvolutionGeometry g = c.G;
        using var kernels = KernelSet.At(level);
        using Map x = Slice(c.X, g.InputRows, g.InputChannels);
        using Map filters = Packed(kernels, c);
        using var plain = new Map(g.OutputRows, g.OutputChannels);
        using var fromPrepared = new Map(g.OutputRows, g.OutputChannels);
        using var prepared = new Map(1, (int)kernels.PreparedLength(g));

        kernels.Forward(g, x, filters.Data, default, plain);
        kernels.Prepare(g, filters.Data, prepared.Data);
        kernels.Forward(g, x, filters.Data, default, fromPrepared, prepared.Data);

        prepared.AssertSurroundingsUntouched();
        Close.AssertSameBits(plain.ToArray(), fromPrepared.ToArray(), "output");
    }

    // Winograd's sums add and cancel more than direct ones: along each axis the sum over the points of the absolute products of the three
    // transforms is at most 25 where a direct sum of three taps has 3.
    private static double Amplification(KernelSet kernels, in ConvolutionGeometry g) => kernels.PreparedLength(g) > 0 ? 25.0 * 25 / 9 : 1;

    // The largest error in units of the exact values' root mean square.
    private static double RelativeError(double[] expected, float[] actual) =>
        expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() / Math.Sqrt(expected.Average(e => e * e));

    private static void AssertForward(KernelSet kernels, ConvolutionCase c, bool bias, bool residual, float? ceiling)
    {
        ConvolutionGeometry g = c.G;
        using Map x = Slice(c.X, g.InputRows, g.InputChannels);
        using Map filters = Packed(kernels, c);
        using Map offsets = Slice(c.Bias, 1, g.OutputChannels);
        using Map summand = Slice(c.Residual, g.OutputRows, g.OutputChannels, 5);
        using var y = new Map(g.OutputRows, g.OutputChannels, Gap);
        var epilogue = new ConvolutionEpilogue
        {
            Bias = bias ? offsets.Data : null,
            Residual = residual ? summand.Pointer : default,
            Rectify = ceiling is not null,
            Ceiling = ceiling ?? 0,
        };

        kernels.Forward(g, x, filters.Data, epilogue, y);

        double[] expected = new double[c.Y.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            double value = c.Y[i] + (bias ? c.Bias[i % g.OutputChannels] : 0) + (residual ? c.Residual[i] : 0);
            expected[i] = ceiling is { } most ? Math.Min(Math.Max(value, 0), most) : value;
        }

        double largest = Math.Max(LargestProduct(c.X, c.W), bias || residual ? 1 : 0);
        Close.Assert(expected, y.ToArray(), Amplification(kernels, g) * Close.OfSum(largest, (g.Taps * g.GroupInputs) + 2), $"output (bias {bias}, residual {residual}, ceiling {ceiling})");
        y.AssertSurroundingsUntouched();
    }

    private static float[][] AllDirections(SimdLevel level, ConvolutionCase c, int threads)
    {
        ConvolutionGeometry g = c.G;
        using var kernels = KernelSet.At(level, threads);
        using Map x = Slice(c.X, g.InputRows, g.InputChannels);
        using Map dy = Slice(c.Dy, g.OutputRows, g.OutputChannels);
        using Map filters = Packed(kernels, c);
        using Map offsets = Slice(c.Bias, 1, g.OutputChannels);
        using var y = new Map(g.OutputRows, g.OutputChannels);
        using var dx = new Map(g.InputRows, g.InputChannels);
        using var gradient = new Map(1, (int)Layout(kernels, g).Length);
        kernels.Forward(g, x, filters.Data, new ConvolutionEpilogue { Bias = offsets.Data }, y);
        kernels.InputGradient(g, dy, filters.Data, dx, false);
        kernels.FilterGradient(g, x, dy, gradient.Data);
        return [y.ToArray(), dx.ToArray(), gradient.ToArray()];
    }

    private static Map Slice(float[] values, int rows, int channels, int gap = Gap)
    {
        var map = new Map(rows, channels, gap);
        map.Fill((row, channel) => values[(row * channels) + channel]);
        return map;
    }

    private static FilterLayout Layout(KernelSet kernels, in ConvolutionGeometry g) => kernels.Layout(g.OutputChannels, g.GroupInputs, g.Taps, g.Groups);

    private static Map Packed(KernelSet kernels, ConvolutionCase c)
    {
        FilterLayout layout = Layout(kernels, c.G);
        var map = new Map(1, (int)layout.Length);
        layout.Pack(c.W, new Span<float>(map.Data, map.Channels));
        return map;
    }

    private static double LargestProduct(float[] a, float[] b) => (double)a.Max(Math.Abs) * b.Max(Math.Abs);
}

using FsCheck;
using FsCheck.Fluent;
using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;
using Property = MLClassify.Testing.Property;

namespace MLClassify.Engines.Cpu.Tests.Convolution;

// Layouts are index arithmetic: every width is tested, whatever this processor has.
public unsafe class FilterLayoutTests
{
    public static IEnumerable<object[]> Levels => Enum.GetValues<SimdLevel>().Select(level => new object[] { level });

    private static Gen<(int GroupOutputs, int GroupInputs, int Taps, int Groups)> Sizes { get; } =
        from outputs in Gen.Choose(1, 140)
        from inputs in Gen.Choose(1, 9)
        from taps in Gen.Elements(1, 2, 3, 9, 25)
        from groups in Gen.Elements(1, 1, 2, 3)
        select (outputs, inputs, taps, groups);

    [Theory]
    [MemberData(nameof(Levels))]
    internal void PackUnpack_AnySizes_RoundTrips(SimdLevel level)
    {
        using var kernels = KernelSet.At(level, 1);
        Property.Holds(Sizes, s => AssertRoundTrip(kernels.Layout(s.GroupOutputs * s.Groups, s.GroupInputs, s.Taps, s.Groups)));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    internal void PackUnpack_Depthwise_RoundTripsWithoutPadding(SimdLevel level)
    {
        using var kernels = KernelSet.At(level, 1);
        foreach (int channels in new[] { 2, 15, 16, 17, 33, 96 })
        {
            FilterLayout layout = kernels.Layout(channels, 1, 9, channels);
            Assert.True(layout.IsDepthwise);
            Assert.Equal(9L * channels, layout.Length);
            AssertRoundTrip(layout);
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    internal void Pack_RaggedPanel_PutsZerosInPaddingAlone(SimdLevel level)
    {
        using var kernels = KernelSet.At(level, 1);
        FilterLayout layout = kernels.Layout(3 * 37, 5, 4, 3);
        float[] packed = new float[layout.Length];
        Array.Fill(packed, float.NaN);
        float[] filters = new float[3 * 37 * 5 * 4];
        Array.Fill(filters, 1);

        layout.Pack(filters, packed);

        Assert.Equal(filters.Length, packed.Count(v => v == 1));
        Assert.Equal(packed.Length - filters.Length, packed.Count(v => v == 0));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    internal void ClearPadding_AnySizes_ClearsWhatPackLeavesZero(SimdLevel level)
    {
        using var kernels = KernelSet.At(level, 1);
        Property.Holds(Sizes, s =>
        {
            FilterLayout layout = kernels.Layout(s.GroupOutputs * s.Groups, s.GroupInputs, s.Taps, s.Groups);
            float[] filters = new float[layout.Outputs * layout.Groups * layout.Inputs * layout.Taps];
            Array.Fill(filters, 1);
            float[] expected = new float[layout.Length];
            layout.Pack(filters, expected);
            float[] all = new float[layout.Length];
            Array.Fill(all, 1);

            fixed (float* p = all)
            {
                layout.ClearPadding(p);
            }

            Assert.Equal(expected, all);
        });
    }

    [Theory]
    [MemberData(nameof(Levels))]
    internal void Scale_AnySizes_EqualsPackingScaledFilters(SimdLevel level)
    {
        using var kernels = KernelSet.At(level, 1);
        Property.Holds(Sizes, s => AssertScales(kernels.Layout(s.GroupOutputs * s.Groups, s.GroupInputs, s.Taps, s.Groups)));
        foreach (int channels in new[] { 2, 15, 16, 17, 33, 96 })
        {
            AssertScales(kernels.Layout(channels, 1, 9, channels));
        }
    }

    [Fact]
    public void Pack_KnownFilter_FollowsTheDocumentedOrder()
    {
        // Vectors of 4, panels of 8: 10 outputs are a full panel and one of a single vector with two zeros.
        var layout = FilterLayout.For<Simd128, System.Runtime.Intrinsics.Vector128<float>>(10, 3, 2, 1);
        int panelWidth = layout.PanelWidth;
        float[] filters = [.. Enumerable.Range(0, 60).Select(i => (float)i)];
        float[] packed = new float[layout.Length];

        layout.Pack(filters, packed);

        Assert.Equal(12 * 3 * 2, packed.Length);
        for (int output = 0; output < 10; output++)
        {
            for (int input = 0; input < 3; input++)
            {
                for (int tap = 0; tap < 2; tap++)
                {
                    int panel = output / panelWidth;
                    int width = Math.Min(panelWidth, 12 - (panel * panelWidth));
                    long place = layout.PanelOffset(panel) + (((tap * 3) + input) * width) + (output % panelWidth);
                    Assert.Equal(filters[(((output * 3) + input) * 2) + tap], packed[place]);
                }
            }
        }
    }

    private static void AssertScales(FilterLayout layout)
    {
        int length = layout.Inputs * layout.Taps;
        float[] filters = [.. Enumerable.Range(1, layout.Outputs * layout.Groups * length).Select(i => MathF.Sin(i))];
        double[] factors = [.. Enumerable.Range(1, layout.Outputs * layout.Groups).Select(i => Math.Sqrt(i))];
        float[] packed = new float[layout.Length];
        layout.Pack(filters, packed);
        float[] expected = new float[layout.Length];
        layout.Pack([.. filters.Select((value, i) => (float)(value * factors[i / length]))], expected);
        float[] scaled = new float[layout.Length];

        layout.Scale(packed, factors, scaled);

        Assert.Equal(expected, scaled);
    }

    private static void AssertRoundTrip(FilterLayout layout)
    {
        float[] filters = [.. Enumerable.Range(1, layout.Outputs * layout.Groups * layout.Inputs * layout.Taps).Select(i => (float)i)];
        float[] packed = new float[layout.Length];
        float[] back = new float[filters.Length];
        layout.Pack(filters, packed);
        layout.Unpack(packed, back);
        Assert.Equal(filters, back);

        // Nothing stands twice.
        Assert.Equal(filters.Length, packed.Count(v => v != 0));
    }
}

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MLClassify.Imaging.Jpeg;

namespace MLClassify.Imaging.Tests.Jpeg;

public unsafe class UpsamplerTests
{
    private delegate void RowSummer(byte* near, byte* far, short* sums, int count);

    private delegate void SumExpander(short* sums, byte* output, int count, int evenBias, int oddBias, int shift);

    public static TheoryData<int> Counts => [1, 2, 7, 8, 9, 15, 16, 17, 40];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Expand_EightLanes_EqualsScalar(int count)
    {
        Compare(Upsampler.SumRows<Lanes128, Vector128<short>, Vector128<int>>, Upsampler.ExpandSums<Lanes128, Vector128<short>, Vector128<int>>, count);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Expand_SixteenLanes_EqualsScalar(int count)
    {
        if (Avx2.IsSupported)
        {
            Compare(Upsampler.SumRows<Lanes256, Vector256<short>, Vector256<int>>, Upsampler.ExpandSums<Lanes256, Vector256<short>, Vector256<int>>, count);
        }
    }

    [Fact]
    public void ExpandSumsScalar_Samples_LeanToTheirNeighborsByAQuarter()
    {
        byte* samples = stackalloc byte[3] { 0, 100, 200 };
        short* sums = stackalloc short[5];
        byte* output = stackalloc byte[6];

        Upsampler.SumRowsScalar(samples, null, sums + 1, 3);
        Upsampler.ExpandSumsScalar(sums + 1, output, 3, 1, 2, 2);

        Assert.Equal([0, 25, 75, 125, 175, 200], new ReadOnlySpan<byte>(output, 6).ToArray());
    }

    private static void Compare(RowSummer sum, SumExpander expand, int count)
    {
        Random random = new(count);
        byte[] near = new byte[count + SamplePlane.Slack];
        byte[] far = new byte[count + SamplePlane.Slack];
        random.NextBytes(near);
        random.NextBytes(far);
        fixed (byte* nearRow = near, farRow = far)
        {
            byte[] horizontal = Run(Upsampler.SumRowsScalar, Upsampler.ExpandSumsScalar, nearRow, null, count, 1, 2, 2);
            byte[] both = Run(Upsampler.SumRowsScalar, Upsampler.ExpandSumsScalar, nearRow, farRow, count, 8, 7, 4);
            Assert.Equal(horizontal, Run(sum, expand, nearRow, null, count, 1, 2, 2));
            Assert.Equal(both, Run(sum, expand, nearRow, farRow, count, 8, 7, 4));
        }
    }

    private static byte[] Run(RowSummer sum, SumExpander expand, byte* near, byte* far, int count, int evenBias, int oddBias, int shift)
    {
        short[] sums = new short[count + (2 * SamplePlane.Slack)];
        byte[] output = new byte[(2 * count) + SamplePlane.Slack];
        fixed (short* first = sums)
        fixed (byte* samples = output)
        {
            sum(near, far, first + SamplePlane.Slack, count);
            expand(first + SamplePlane.Slack, samples, count, evenBias, oddBias, shift);
        }

        return output[..(2 * count)];
    }
}

using System.Runtime.Intrinsics.X86;
using MLClassify.Imaging.Jpeg;

namespace MLClassify.Imaging.Tests.Jpeg;

public unsafe class InverseDctTests
{
    public static TheoryData<int, int> Ranges => new() { { 8, 40 }, { 64, 300 }, { 64, 2047 }, { 3, 32767 }, { 64, 32767 } };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void TransformVector_AnyCoefficients_EqualsScalar(int nonzero, int largest)
    {
        Compare(InverseDct.TransformVector, blocks: 1, nonzero, largest);
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void TransformPair_AnyCoefficients_EqualsScalar(int nonzero, int largest)
    {
        if (Avx2.IsSupported)
        {
            Compare(InverseDct.TransformPair, blocks: 2, nonzero, largest);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void TransformRow_AnyBlockCount_WritesExactlyItsBlocks(int blocks)
    {
        Compare((source, quantization, destination, stride) => InverseDct.TransformRow(source, blocks, quantization, destination, stride), blocks, 20, 100);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(700)]
    [InlineData(-32768)]
    public void TransformRow_DcOnly_EqualsScalar(int dc)
    {
        short* blocks = stackalloc short[128];
        short* quantization = stackalloc short[64];
        new Span<short>(quantization, 64).Fill(3);
        byte* flat = stackalloc byte[128];
        byte* reference = stackalloc byte[128];
        blocks[0] = (short)dc;
        blocks[64] = (short)(dc / 2);

        InverseDct.TransformRow(blocks, 2, quantization, flat, 16);
        InverseDct.TransformScalar(blocks, quantization, reference, 16);
        InverseDct.TransformScalar(blocks + 64, quantization, reference + 8, 16);

        Assert.Equal(new ReadOnlySpan<byte>(reference, 128), new ReadOnlySpan<byte>(flat, 128));
    }

    /// <summary>IEEE 1180 asks for a peak error of 1 against the exact transform; the fixed point of 13 bits stays below it.</summary>
    [Fact]
    public void TransformScalar_PhotographicRange_StaysWithinOneOfTheExactTransform()
    {
        Random random = new(5);
        short* block = stackalloc short[64];
        short* ones = stackalloc short[64];
        byte* samples = stackalloc byte[64];
        new Span<short>(ones, 64).Fill(1);
        for (int round = 0; round < 200; round++)
        {
            for (int k = 0; k < 64; k++)
            {
                block[k] = (short)random.Next(-60, 61);
            }

            InverseDct.TransformScalar(block, ones, samples, 8);
            for (int i = 0; i < 64; i++)
            {
                Assert.InRange(samples[i] - Math.Clamp(Exact(block, i % 8, i / 8) + 128, 0, 255), -1.0, 1.0);
            }
        }
    }

    private delegate void Transform(short* coefficients, short* quantization, byte* destination, nint stride);

    private static void Compare(Transform transform, int blocks, int nonzero, int largest)
    {
        Random random = new((nonzero * 100003) + largest);
        int stride = (blocks * 8) + 3;
        short* coefficients = stackalloc short[blocks * 64];
        short* quantization = stackalloc short[64];
        byte[] expected = new byte[stride * 8];
        byte[] actual = new byte[stride * 8];
        fixed (byte* expectedSamples = expected, actualSamples = actual)
        {
            for (int round = 0; round < 300; round++)
            {
                new Span<short>(coefficients, blocks * 64).Clear();
                for (int i = 0; i < nonzero * blocks; i++)
                {
                    coefficients[random.Next(blocks * 64)] = (short)random.Next(-largest - 1, largest + 1);
                }

                for (int k = 0; k < 64; k++)
                {
                    quantization[k] = (short)(round < 100 ? 1 : random.Next(1, round < 200 ? 40 : 65536));
                }

                transform(coefficients, quantization, actualSamples, stride);
                for (int block = 0; block < blocks; block++)
                {
                    InverseDct.TransformScalar(coefficients + (block * 64), quantization, expectedSamples + (block * 8), stride);
                }

                Assert.Equal(expected, actual);
            }
        }
    }

    private static double Exact(short* block, int x, int y)
    {
        double sum = 0;
        for (int v = 0; v < 8; v++)
        {
            for (int u = 0; u < 8; u++)
            {
                double scale = (u == 0 ? Math.Sqrt(0.5) : 1) * (v == 0 ? Math.Sqrt(0.5) : 1) / 4;
                sum += scale * block[(v * 8) + u] * Math.Cos(((2 * x) + 1) * u * Math.PI / 16) * Math.Cos(((2 * y) + 1) * v * Math.PI / 16);
            }
        }

        return sum;
    }
}

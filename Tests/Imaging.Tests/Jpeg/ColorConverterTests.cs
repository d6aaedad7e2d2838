using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MLClassify.Imaging.Jpeg;

namespace MLClassify.Imaging.Tests.Jpeg;

public unsafe class ColorConverterTests
{
    private delegate void Converter(byte* y, byte* cb, byte* cr, byte* rgb, int width);

    [Fact]
    public void YCbCr_EightLanes_EqualsScalarForAllChroma()
    {
        CompareAllChroma(ColorConverter.YCbCr<Lanes128, Vector128<short>, Vector128<int>>);
    }

    [Fact]
    public void YCbCr_SixteenLanes_EqualsScalarForAllChroma()
    {
        if (Avx2.IsSupported)
        {
            CompareAllChroma(ColorConverter.YCbCr<Lanes256, Vector256<short>, Vector256<int>>);
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(48)]
    [InlineData(101)]
    public void InterleaveVector_AnyWidth_EqualsScalarAndStaysInside(int width)
    {
        Compare(ColorConverter.InterleaveVector, ColorConverter.InterleaveScalar, width, new Random(width));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(23)]
    [InlineData(33)]
    [InlineData(100)]
    public void YCbCr_AnyWidth_EqualsScalarAndStaysInside(int width)
    {
        Compare(ColorConverter.YCbCr<Lanes128, Vector128<short>, Vector128<int>>, ColorConverter.YCbCrScalar, width, new Random(width));
        if (Avx2.IsSupported)
        {
            Compare(ColorConverter.YCbCr<Lanes256, Vector256<short>, Vector256<int>>, ColorConverter.YCbCrScalar, width, new Random(width));
        }
    }

    [Theory]
    [InlineData(76, 85, 255, 254, 0, 0)]
    [InlineData(150, 44, 21, 0, 255, 1)]
    [InlineData(29, 255, 107, 0, 0, 254)]
    [InlineData(200, 128, 128, 200, 200, 200)]
    public void YCbCrScalar_KnownColors_FollowsBt601(byte y, byte cb, byte cr, byte red, byte green, byte blue)
    {
        byte* rgb = stackalloc byte[3];

        ColorConverter.YCbCrScalar(&y, &cb, &cr, rgb, 1);

        Assert.Equal([red, green, blue], new ReadOnlySpan<byte>(rgb, 3).ToArray());
    }

    private static void CompareAllChroma(Converter converter)
    {
        const int Width = 256;
        byte* cb = stackalloc byte[Width + SamplePlane.Slack];
        byte* cr = stackalloc byte[Width + SamplePlane.Slack];
        byte* y = stackalloc byte[Width + SamplePlane.Slack];
        byte[] expected = new byte[Width * 3];
        byte[] actual = new byte[Width * 3];
        Random random = new(1);
        fixed (byte* expectedRgb = expected, actualRgb = actual)
        {
            for (int row = 0; row < 256; row++)
            {
                for (int x = 0; x < Width; x++)
                {
                    cb[x] = (byte)x;
                    cr[x] = (byte)row;
                    y[x] = (byte)random.Next(256);
                }

                converter(y, cb, cr, actualRgb, Width);
                ColorConverter.YCbCrScalar(y, cb, cr, expectedRgb, Width);
                Assert.Equal(expected, actual);
            }
        }
    }

    private static void Compare(Converter vector, Converter scalar, int width, Random random)
    {
        byte[] samples = new byte[3 * (width + SamplePlane.Slack)];
        random.NextBytes(samples);
        byte[] expected = new byte[(width * 3) + 8];
        byte[] actual = new byte[(width * 3) + 8];
        fixed (byte* first = samples, expectedRgb = expected, actualRgb = actual)
        {
            byte* second = first + width + SamplePlane.Slack;
            byte* third = second + width + SamplePlane.Slack;
            vector(first, second, third, actualRgb, width);
            scalar(first, second, third, expectedRgb, width);
        }

        Assert.Equal(expected, actual);
    }
}

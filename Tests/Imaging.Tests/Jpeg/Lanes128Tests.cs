using System.Runtime.Intrinsics;
using MLClassify.Imaging.Jpeg;

namespace MLClassify.Imaging.Tests.Jpeg;

/// <summary>The fallbacks for processors without the special instruction, against plain arithmetic and against the instruction.</summary>
public class Lanes128Tests
{
    private static readonly short[] Interesting = [0, 1, -1, 2, 127, 128, 255, 256, -255, -256, 9633, -16069, 32767, -32767, -32768, 12345];

    [Fact]
    public void MultiplyHighPortable_AllPairs_IsTheUpperHalf()
    {
        ForAllPairs((a, b) =>
        {
            Assert.Equal(Lanes128.MultiplyHigh(a, b), Lanes128.MultiplyHighPortable(a, b));
            Assert.Equal((short)((a[3] * b[3]) >> 16), Lanes128.MultiplyHighPortable(a, b)[3]);
        });
    }

    [Fact]
    public void MultiplyAddPortable_AllPairs_SumsNeighbors()
    {
        ForAllPairs((a, b) =>
        {
            Assert.Equal(Lanes128.MultiplyAdd(a, b), Lanes128.MultiplyAddPortable(a, b));
            Assert.Equal(unchecked((a[2] * b[2]) + (a[3] * b[3])), Lanes128.MultiplyAddPortable(a, b)[1]);
        });
    }

    [Fact]
    public void UnpackPortable_AllPairs_Interleaves()
    {
        ForAllPairs((a, b) =>
        {
            Assert.Equal(Vector128.Create(a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3]), Lanes128.UnpackLowPortable(a, b));
            Assert.Equal(Vector128.Create(a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7]), Lanes128.UnpackHighPortable(a, b));
            Assert.Equal(Lanes128.UnpackLowPortable(a, b), Lanes128.UnpackLow(a, b));
            Assert.Equal(Lanes128.UnpackHighPortable(a, b), Lanes128.UnpackHigh(a, b));
        });
    }

    [Fact]
    public void ToBytesPortable_AllPairs_Saturates()
    {
        ForAllPairs((a, b) =>
        {
            Assert.Equal(Lanes128.ToBytes(a, b), Lanes128.ToBytesPortable(a, b));
            Assert.Equal((byte)Math.Clamp((int)b[1], 0, 255), Lanes128.ToBytesPortable(a, b)[9]);
        });
    }

    private static void ForAllPairs(Action<Vector128<short>, Vector128<short>> check)
    {
        for (int i = 0; i < Interesting.Length; i++)
        {
            for (int j = 0; j < Interesting.Length; j++)
            {
                check(Rotated(i), Rotated(j));
            }
        }
    }

    private static Vector128<short> Rotated(int by) => Vector128.Create([.. Interesting[by..], .. Interesting[..by]]);
}

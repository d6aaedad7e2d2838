using MLClassify.Imaging.Exif;

namespace MLClassify.Imaging.Tests.Exif;

public class ExifOrientationTests
{
    private static readonly byte[] Little = [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] Big = [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0];

    [Fact]
    public void Read_BothByteOrders_FindTheTag()
    {
        Assert.Equal((6, 8), (ExifOrientation.Read(Little), ExifOrientation.Read(Big)));
    }

    [Fact]
    public void Read_TagAfterOthers_IsFound()
    {
        byte[] block = [.. Little[..10], .. new byte[12], .. Little[10..]];
        block[8] = 2;

        Assert.Equal(6, ExifOrientation.Read(block));
    }

    [Theory]
    [InlineData(0, 0x50)]
    [InlineData(2, 0)]
    [InlineData(4, 0xFF)]
    [InlineData(7, 0xFF)]
    [InlineData(8, 0)]
    [InlineData(10, 0x13)]
    [InlineData(12, 7)]
    [InlineData(14, 2)]
    [InlineData(18, 0)]
    [InlineData(18, 9)]
    public void Read_OneByteWrong_IsUpright(int index, byte value)
    {
        byte[] block = [.. Little];
        block[index] = value;

        Assert.Equal(1, ExifOrientation.Read(block));
    }

    [Fact]
    public void Read_EveryTruncation_IsUpright()
    {
        for (int length = 0; length < 22; length++)
        {
            Assert.Equal(1, ExifOrientation.Read(Little.AsSpan(0, length)));
        }
    }
}

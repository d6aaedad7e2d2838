using MLClassify.Imaging.Jpeg;

namespace MLClassify.Imaging.Tests.Jpeg;

public unsafe class BitReaderTests
{
    [Fact]
    public void Load_StuffedAndRepeatedFillBytes_LeavesTheData()
    {
        byte[] file = [0x12, 0xFF, 0x00, 0x34, 0xFF, 0xFF, 0x00, 0x56, 0xFF, 0xFF, 0xD3, 0x78];
        using EntropySegment segment = new(file, 0);
        EntropySegment loaded = segment;

        loaded.Load();

        Assert.Equal([0x12, 0xFF, 0x34, 0xFF, 0x56], new ReadOnlySpan<byte>(loaded.Data, loaded.Length).ToArray());
        Assert.Equal((0xD3, 9), (loaded.Marker, loaded.Position));
        Assert.False(new ReadOnlySpan<byte>(loaded.Data + loaded.Length, EntropySegment.Padding).ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 1, 2, 3, 0xFF })]
    [InlineData(new byte[] { 1, 2, 3, 0xFF, 0xFF })]
    public void Load_FileEnds_HasNoMarker(byte[] file)
    {
        using EntropySegment segment = new(file, 1);
        EntropySegment loaded = segment;

        loaded.Load();

        Assert.Equal((2, 0, file.Length), (loaded.Length, loaded.Marker, loaded.Position));
    }

    [Fact]
    public void Take_AllSizes_GivesTheBitsInOrder()
    {
        byte[] data = new byte[4096];
        new Random(3).NextBytes(data);
        fixed (byte* first = data)
        {
            BitReader reader = new(first, data.Length);
            int position = 0;
            for (int i = 0; i < 2000; i++)
            {
                int size = (i % 16) + 1;
                int expected = 0;
                for (int bit = 0; bit < size; bit++, position++)
                {
                    expected = (expected << 1) | ((data[position >> 3] >> (7 - (position & 7))) & 1);
                }

                reader.Ensure();
                Assert.Equal(expected, reader.Take(size));
            }
        }
    }

    [Fact]
    public void Overrun_ExactlyAtTheEnd_IsFalseAndOneBitLaterTrue()
    {
        byte* data = stackalloc byte[64];
        BitReader reader = new(data, 3);
        for (int i = 0; i < 24; i++)
        {
            reader.TakeBit();
            Assert.False(reader.Overrun);
        }

        reader.TakeBit();

        Assert.True(reader.Overrun);
    }
}

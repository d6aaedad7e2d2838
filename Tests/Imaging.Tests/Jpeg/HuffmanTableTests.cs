using MLClassify.Imaging.Jpeg;

namespace MLClassify.Imaging.Tests.Jpeg;

public class HuffmanTableTests
{
    [Theory]
    [InlineData(0b00, 2, 0x01)]
    [InlineData(0b1010, 4, 0x00)]
    [InlineData(0b11111111001, 11, 0xF0)]
    [InlineData(0b111111110101, 12, 0x33)]
    [InlineData(0b1111111110000010, 16, 0x09)]
    [InlineData(0b1111111111111110, 16, 0xFA)]
    public void FindSymbol_StandardLuminanceTable_MatchesTableK5(int code, int length, int symbol)
    {
        int found = StandardHuffmanTables.Ac[0].FindSymbol((ulong)code << (64 - length), out int foundLength);

        Assert.Equal((symbol, length), (found, foundLength));
    }

    [Fact]
    public void FindSymbol_NoSuchCode_IsMinusOne()
    {
        Assert.Equal(-1, StandardHuffmanTables.Ac[1].FindSymbol(ulong.MaxValue, out _));
    }

    [Fact]
    public void TryCreate_MoreCodesThanALengthHas_IsNull()
    {
        Assert.Null(HuffmanTable.TryCreate([3, .. new byte[15]], [0, 1, 2]));
        Assert.Null(HuffmanTable.TryCreate([1, 3, .. new byte[14]], [0, 1, 2, 3]));
        Assert.NotNull(HuffmanTable.TryCreate([1, 2, .. new byte[14]], [0, 1, 2]));
    }

    [Fact]
    public void TryCreate_SymbolsMissing_IsNull()
    {
        Assert.Null(HuffmanTable.TryCreate([0, 2, .. new byte[14]], [1]));
    }

    /// <summary>Every prefix of the lookup, and the resolved rest, against a decoder that follows T.81 figures F.16 and F.12 bit by bit.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void CoefficientLookup_RandomBits_DecodesAsTheStandardSays(int index)
    {
        HuffmanTable table = StandardHuffmanTables.Ac[index];
        ReadOnlySpan<int> lookup = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref table.CoefficientLookup, 1 << HuffmanTable.LookupBits);
        Random random = new(index);
        for (int i = 0; i < 20000; i++)
        {
            ulong bits = (ulong)random.NextInt64() << 1;
            bits |= i % 2 == 0 ? 0 : 0xFFUL << 56;
            int entry = lookup[(int)(bits >> (64 - HuffmanTable.LookupBits))];
            entry = (entry & HuffmanTable.Unresolved) != 0 ? table.Resolve(bits, entry) : entry;

            int symbol = table.FindSymbol(bits, out int length);
            int size = symbol & 15;
            int value = size == 0 ? 0 : HuffmanTable.Extend((int)((bits << length) >> (64 - size)), size);
            int advance = symbol < 0 ? HuffmanTable.BadCode : symbol is not 0xF0 && size == 0 ? HuffmanTable.EndOfBlock : (symbol >> 4) + 1;
            Assert.Equal(symbol < 0 ? (0, 0, advance) : (value, length + size, advance), (entry >> 16, entry & 0x3F, (entry >> 8) & 0xFF));
        }
    }

    [Theory]
    [InlineData(0, 1, -1)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 3, -7)]
    [InlineData(3, 3, -4)]
    [InlineData(4, 3, 4)]
    [InlineData(0, 15, -32767)]
    [InlineData(32767, 15, 32767)]
    public void Extend_BitsOfASize_FollowFigureF12(int bits, int size, int value)
    {
        Assert.Equal(value, HuffmanTable.Extend(bits, size));
    }
}

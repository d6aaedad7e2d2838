using MLClassify.Imaging.Encoding;

namespace MLClassify.Imaging.Tests.Encoding;

public class JpegHuffmanBuilderTests
{
    [Fact]
    public void Build_FibonacciCounts_KeepsCodesWithinSixteenBits()
    {
        // Fibonacci weights make Huffman's tree a chain: 30 symbols would need codes of 29 bits.
        int[] counts = new int[256];
        (counts[0], counts[1]) = (1, 1);
        for (int i = 2; i < 30; i++)
        {
            counts[i] = counts[i - 1] + counts[i - 2];
        }

        JpegHuffmanSpec code = JpegHuffmanBuilder.Build(counts);

        Assert.Equal(30, code.Symbols.Length);
        Assert.Equal(30, code.Counts.Sum(count => count));
        Assert.All(code.Symbols, symbol => Assert.InRange(code.Lengths[symbol], 1, 16));
        AssertPrefixFreeWithoutAllOnes(code);
    }

    [Fact]
    public void Build_OneSymbol_GetsOneBitThatIsNotOne()
    {
        int[] counts = new int[256];
        counts[7] = 1000;

        JpegHuffmanSpec code = JpegHuffmanBuilder.Build(counts);

        Assert.Equal([7], code.Symbols);
        Assert.Equal(1, code.Lengths[7]);
        Assert.Equal(0, code.Codes[7]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Build_RandomCounts_IsWithinABitOfTheEntropy(int seed)
    {
        var random = new Random(seed);
        int[] counts = [.. Enumerable.Range(0, 256).Select(i => random.Next(3) == 0 ? 0 : random.Next(1, 100000 / (i + 1)))];

        JpegHuffmanSpec code = JpegHuffmanBuilder.Build(counts);

        AssertPrefixFreeWithoutAllOnes(code);
        double total = counts.Sum();
        double entropy = counts.Where(count => count > 0).Sum(count => count / total * Math.Log2(total / count));
        double mean = Enumerable.Range(0, 256).Sum(symbol => counts[symbol] / total * code.Lengths[symbol]);
        Assert.InRange(mean, entropy, entropy + 1);
    }

    [Fact]
    public void Standard_AllFour_ArePrefixFree() => Assert.All(JpegHuffmanSpec.Standard, AssertPrefixFreeWithoutAllOnes);

    private static void AssertPrefixFreeWithoutAllOnes(JpegHuffmanSpec code)
    {
        // Codes left-aligned to 16 bits: each must end before the next begins, and the last must leave the all-ones code free.
        int next = 0;
        foreach (byte symbol in code.Symbols)
        {
            int start = code.Codes[symbol] << (16 - code.Lengths[symbol]);
            Assert.True(start >= next, $"symbol {symbol} overlaps the one before");
            next = start + (1 << (16 - code.Lengths[symbol]));
        }

        Assert.True(next < 1 << 16, "the code of ones only is in use");
    }
}

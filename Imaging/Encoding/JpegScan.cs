using System.Numerics;

namespace MLClassify.Imaging.Encoding;

/// <summary>Entropy coding of one interleaved baseline scan: T.81 F.1.2. One traversal serves counting and writing.</summary>
internal static class JpegScan
{
    private const int EndOfBlock = 0x00;
    private const int SixteenZeros = 0xF0;

    private interface ISymbolSink
    {
        /// <summary>Takes a Huffman symbol and the plain bits after it.</summary>
        void Add(int table, int symbol, int bits, int bitCount);
    }

    /// <summary>The shortest codes for these planes, in the order brightness DC and AC, color DC and AC.</summary>
    public static JpegHuffmanSpec[] OptimalCodes(JpegPlane[] planes)
    {
        var counter = new Counter(new int[4 * 256]);
        Traverse(planes, ref counter);
        return [.. Enumerable.Range(0, 4).Select(table => JpegHuffmanBuilder.Build(counter.Counts.AsSpan(256 * table, 256)))];
    }

    public static void Write(Stream destination, JpegPlane[] planes, JpegHuffmanSpec[] codes)
    {
        var writer = new Writer(new JpegBitWriter(destination), codes);
        Traverse(planes, ref writer);
        writer.Bits.Finish();
    }

    private static void Traverse<TSink>(JpegPlane[] planes, ref TSink sink)
        where TSink : struct, ISymbolSink
    {
        Span<int> previous = stackalloc int[3];
        previous.Clear();
        for (int unitRow = 0; unitRow < planes[1].BlocksHigh; unitRow++)
        {
            for (int unitColumn = 0; unitColumn < planes[1].BlocksWide; unitColumn++)
            {
                for (int component = 0; component < planes.Length; component++)
                {
                    JpegPlane plane = planes[component];
                    int side = plane.Sampling;
                    for (int block = 0; block < side * side; block++)
                    {
                        ReadOnlySpan<short> coefficients = plane.Block((unitRow * side) + (block / side), (unitColumn * side) + (block % side));
                        CodeBlock(coefficients, component == 0 ? 0 : 2, ref previous[component], ref sink);
                    }
                }
            }
        }
    }

    private static void CodeBlock<TSink>(ReadOnlySpan<short> coefficients, int table, ref int previous, ref TSink sink)
        where TSink : struct, ISymbolSink
    {
        int difference = coefficients[0] - previous;
        previous = coefficients[0];
        AddValue(table, 0, difference, ref sink);

        int zeros = 0;
        int last = coefficients.LastIndexOfAnyExcept((short)0);
        for (int i = 1; i <= last; i++)
        {
            if (coefficients[i] == 0)
            {
                zeros++;
                continue;
            }

            for (; zeros > 15; zeros -= 16)
            {
                sink.Add(table + 1, SixteenZeros, 0, 0);
            }

            AddValue(table + 1, zeros << 4, coefficients[i], ref sink);
            zeros = 0;
        }

        if (last < 63)
        {
            sink.Add(table + 1, EndOfBlock, 0, 0);
        }
    }

    /// <summary>A value is its category (bits of its magnitude) and those bits, in ones' complement when negative.</summary>
    private static void AddValue<TSink>(int table, int run, int value, ref TSink sink)
        where TSink : struct, ISymbolSink
    {
        int category = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));
        int bits = value < 0 ? value + (1 << category) - 1 : value;
        sink.Add(table, run | category, bits, category);
    }

    private readonly struct Counter(int[] counts) : ISymbolSink
    {
        public int[] Counts { get; } = counts;

        public void Add(int table, int symbol, int bits, int bitCount) => Counts[(256 * table) + symbol]++;
    }

    private readonly struct Writer(JpegBitWriter bits, JpegHuffmanSpec[] codes) : ISymbolSink
    {
        public JpegBitWriter Bits { get; } = bits;

        public void Add(int table, int symbol, int bits, int bitCount)
        {
            JpegHuffmanSpec code = codes[table];
            Bits.Write(((uint)code.Codes[symbol] << bitCount) | (uint)bits, code.Lengths[symbol] + bitCount);
        }
    }
}

using System.Text;

namespace MLClassify.Imaging.Tests.Gif;

/// <summary>Builds GIF files, with an LZW encoder that keeps its strings as strings.</summary>
internal static class TestGif
{
    public const byte Trailer = 0x3B;

    public static byte[] Screen(int width, int height, byte[]? palette = null) =>
    [
        .. "GIF89a"u8, .. Word(width), .. Word(height),
        (byte)(palette is null ? 0 : 0x80 | SizeBits(palette)), 0, 0, .. palette ?? [],
    ];

    public static byte[] Transparent(byte index) => [0x21, 0xF9, 4, 1, 0, 0, index, 0];

    public static byte[] Frame(int left, int top, int width, int height, byte[] data, byte[]? palette = null, bool interlaced = false) =>
    [
        0x2C, .. Word(left), .. Word(top), .. Word(width), .. Word(height),
        (byte)((palette is null ? 0 : 0x80 | SizeBits(palette)) | (interlaced ? 0x40 : 0)), .. palette ?? [], .. data,
    ];

    /// <summary>The code size, then the data in sub-blocks of at most so many bytes.</summary>
    public static byte[] Blocks(int codeSize, byte[] data, int blockLength = 255) =>
        [(byte)codeSize, .. data.Chunk(blockLength).SelectMany(block => (byte[])[(byte)block.Length, .. block]), 0];

    /// <summary>Compresses by the book; when the table is full it either clears it or goes on with it.</summary>
    public static byte[] Lzw(byte[] indices, int codeSize, bool clearFirst = true, bool clearWhenFull = true)
    {
        int clear = 1 << codeSize;
        var output = new CodeWriter();
        Dictionary<string, int> table = NewTable(clear);
        int bits = codeSize + 1;
        if (clearFirst)
        {
            output.Write(clear, bits);
        }

        string prefix = "";
        foreach (byte index in indices)
        {
            string longer = prefix + (char)index;
            if (table.ContainsKey(longer))
            {
                prefix = longer;
                continue;
            }

            output.Write(table[prefix], bits);
            if (table.Count < 4096)
            {
                table.Add(longer, table.Count);

                // The decoder's table is one entry behind.
                if (table.Count - 1 == 1 << bits && bits < 12)
                {
                    bits++;
                }
            }
            else if (clearWhenFull)
            {
                output.Write(clear, bits);
                table = NewTable(clear);
                bits = codeSize + 1;
            }

            prefix = ((char)index).ToString();
        }

        output.Write(table[prefix], bits);

        // The decoder defines one more entry on reading that code.
        if (table.Count == 1 << bits && bits < 12)
        {
            bits++;
        }

        output.Write(clear + 1, bits);
        return output.ToArray();
    }

    private static Dictionary<string, int> NewTable(int clear)
    {
        var table = Enumerable.Range(0, clear).ToDictionary(i => ((char)i).ToString(), i => i, StringComparer.Ordinal);
        table.Add("clear", clear);
        table.Add("end of information", clear + 1);
        return table;
    }

    private static byte[] Word(int value) => [(byte)value, (byte)(value >> 8)];

    // Palettes hold 2, 4, 8 .. 256 colors.
    private static int SizeBits(byte[] palette) => (int)Math.Log2(palette.Length / 3) - 1;

    /// <summary>Codes as text, least significant bit first.</summary>
    internal sealed class CodeWriter
    {
        private readonly StringBuilder _bits = new();

        public void Write(int code, int bits) => _bits.Append(new string(Convert.ToString(code, 2).PadLeft(bits, '0').Reverse().ToArray()));

        public byte[] ToArray() => _bits.ToString().Chunk(8).Select(b => Convert.ToByte(new string(b.Reverse().ToArray()), 2)).ToArray();
    }
}

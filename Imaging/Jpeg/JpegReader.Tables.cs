using System.Buffers.Binary;

namespace MLClassify.Imaging.Jpeg;

internal ref partial struct JpegReader
{
    /// <summary>DQT (T.81 section B.2.4.1).</summary>
    private readonly void ReadQuantization(ReadOnlySpan<byte> content, int offset)
    {
        while (content.Length > 0)
        {
            int precision = content[0] >> 4;
            int index = content[0] & 15;
            int size = precision == 0 ? 64 : 128;
            if (precision > 1 || index > 3)
            {
                JpegErrors.ThrowInvalid($"quantization table {index} of precision {precision}; expected table 0 to 3, precision 0 or 1", offset);
            }

            content = content[1..];
            if (content.Length < size)
            {
                JpegErrors.ThrowInvalid($"quantization table {index} has {content.Length} bytes, expected {size}", offset);
            }

            ushort[] table = new ushort[64];
            for (int k = 0; k < 64; k++)
            {
                table[ZigZag.ToNatural[k]] = precision == 0 ? content[k] : BinaryPrimitives.ReadUInt16BigEndian(content[(2 * k)..]);
            }

            Header.Quantization[index] = table;
            content = content[size..];
        }
    }

    /// <summary>DHT (T.81 section B.2.4.2).</summary>
    private readonly void ReadHuffman(ReadOnlySpan<byte> content, int offset)
    {
        while (content.Length > 0)
        {
            int kind = content[0] >> 4;
            int index = content[0] & 15;
            if (kind > 1 || index > 3)
            {
                JpegErrors.ThrowInvalid($"Huffman table of class {kind}, index {index}; expected class 0 or 1, index 0 to 3", offset);
            }

            if (content.Length < 17)
            {
                JpegErrors.ThrowInvalid($"Huffman table {index} has {content.Length - 1} bytes, expected 16 or more", offset);
            }

            ReadOnlySpan<byte> counts = content.Slice(1, 16);
            int total = 0;
            foreach (byte count in counts)
            {
                total += count;
            }

            content = content[17..];
            if (total > 256 || total > content.Length)
            {
                JpegErrors.ThrowInvalid($"Huffman table {index} announces {total} symbols; expected at most 256, and {content.Length} bytes follow", offset);
            }

            ReadOnlySpan<byte> symbols = content[..total];
            if (kind == 0 && symbols.ContainsAnyExceptInRange((byte)0, (byte)15))
            {
                JpegErrors.ThrowInvalid($"Huffman table {index} for DC differences has a symbol above 15", offset);
            }

            HuffmanTable? table = StandardHuffmanTables.Find(kind, counts, symbols) ?? HuffmanTable.TryCreate(counts, symbols);
            if (table is null)
            {
                JpegErrors.ThrowInvalid($"Huffman table {index} has more codes of a length than that length allows", offset);
            }

            (kind == 0 ? Header.DcTables : Header.AcTables)[index] = table;
            content = content[total..];
        }
    }
}

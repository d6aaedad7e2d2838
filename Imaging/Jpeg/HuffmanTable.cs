using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLClassify.Imaging.Jpeg;

/// <summary>
/// A Huffman table (T.81 annex C) with a lookup by the next <see cref="LookupBits"/> bits.
/// The sequential lookup yields run and value of a coefficient together wherever code and value bits fit.
/// </summary>
/// <remarks>
/// An entry of the sequential lookup: bits 0-5 the bits to drop, bits 8-15 how far the zigzag index advances (1-16; <see cref="EndOfBlock"/>;
/// <see cref="BadCode"/>), bits 16-31 the signed value. With bit 7 (<see cref="Unresolved"/>) set, bits 0-5 are the code's length, or 0 for
/// codes longer than the lookup, and bits 8-15 the symbol; <see cref="Resolve"/> makes an entry of the first kind from it.
/// </remarks>
internal sealed class HuffmanTable
{
    public const int LookupBits = 10;
    public const int EndOfBlock = 0x80;
    public const int BadCode = 0x40;
    public const int Unresolved = 0x80;

    private readonly byte[] _symbols;
    private readonly int[] _firstCode = new int[17];
    private readonly int[] _firstIndex = new int[17];

    // The smallest 16-bit prefix that is beyond all codes of a length.
    private readonly int[] _limit = new int[17];
    private int[]? _coefficientLookup;
    private ushort[]? _symbolLookup;

    private HuffmanTable(byte[] symbols) => _symbols = symbols;

    /// <summary>Builds the table from the two lists of a DHT segment.</summary>
    /// <param name="counts">Number of codes of each length from 1 to 16.</param>
    /// <param name="symbols">The symbols in order of their codes.</param>
    /// <returns>The table, or null when the lengths ask for more codes than exist.</returns>
    public static HuffmanTable? TryCreate(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        HuffmanTable table = new(symbols.ToArray());
        int code = 0;
        int index = 0;
        for (int length = 1; length <= 16; length++)
        {
            table._firstCode[length] = code;
            table._firstIndex[length] = index;
            code += counts[length - 1];
            index += counts[length - 1];
            if (code > 1 << length)
            {
                return null;
            }

            table._limit[length] = code << (16 - length);
            code <<= 1;
        }

        return index == symbols.Length ? table : null;
    }

    /// <summary>Whether the table was built from these two lists.</summary>
    public bool Matches(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        for (int length = 1; length <= 16; length++)
        {
            if ((_limit[length] >> (16 - length)) - _firstCode[length] != counts[length - 1])
            {
                return false;
            }
        }

        return symbols.SequenceEqual(_symbols);
    }

    /// <summary>The lookup for sequential scans; see the remarks on the type.</summary>
    public ref int CoefficientLookup => ref MemoryMarshal.GetArrayDataReference(_coefficientLookup ??= BuildCoefficientLookup());

    /// <summary>The lookup for progressive scans: bits 0-7 the code's length, or 0 where it is longer than the lookup; bits 8-15 the symbol.</summary>
    public ref ushort SymbolLookup => ref MemoryMarshal.GetArrayDataReference(_symbolLookup ??= BuildSymbolLookup());

    /// <summary>Decodes a coefficient whose code and value do not fit the lookup.</summary>
    /// <param name="bits">The next bits, left-aligned; at least 31 of them valid.</param>
    /// <param name="entry">The lookup's entry, with <see cref="Unresolved"/> set.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Resolve(ulong bits, int entry)
    {
        int length = entry & 0x3F;
        return length != 0 ? Complete(bits, entry >> 8, length) : ResolveLong(bits);
    }

    /// <summary>Finds the symbol whose code begins the bits, by the lengths' limits.</summary>
    /// <param name="bits">The next bits, left-aligned; at least 16 of them valid.</param>
    /// <param name="length">The code's length.</param>
    /// <returns>The symbol, or -1 when no code matches.</returns>
    public int FindSymbol(ulong bits, out int length)
    {
        int prefix = (int)(bits >> 48);
        length = prefix < _limit[LookupBits] ? 1 : LookupBits + 1;
        for (; length <= 16; length++)
        {
            if (prefix < _limit[length])
            {
                int index = _firstIndex[length] + (prefix >> (16 - length)) - _firstCode[length];
                return _symbols[index];
            }
        }

        return -1;
    }

    /// <summary>The signed value of <paramref name="size"/> additional bits (T.81 figure F.12).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Extend(int bits, int size) => bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;

    // A symbol without value bits ends the block unless its run is 15 (ZRL). DC tables hold sizes only; their reader ignores the advance.
    private static int Pack(int symbol, int value, int length)
    {
        int run = symbol >> 4;
        int advance = (symbol & 15) == 0 && run != 15 ? EndOfBlock : run + 1;
        return (value << 16) | (advance << 8) | length;
    }

    /// <summary>Reads the value bits behind a code; a leading 0 bit means a negative value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Complete(ulong bits, int symbol, int length)
    {
        int size = symbol & 15;
        ulong rest = bits << length;
        int negative = (int)~((long)rest >> 63);
        int value = (int)(rest >> (64 - size)) - (negative & ((1 << size) - 1));
        return (value << 16) | (((symbol >> 4) + 1) << 8) | (length + size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ResolveLong(ulong bits)
    {
        int symbol = FindSymbol(bits, out int length);
        return symbol < 0 ? BadCode << 8
            : (symbol & 15) == 0 ? Pack(symbol, 0, length)
            : Complete(bits, symbol, length);
    }

    private int[] BuildCoefficientLookup()
    {
        int[] lookup = new int[1 << LookupBits];
        Array.Fill(lookup, Unresolved);
        for (int length = 1; length <= LookupBits; length++)
        {
            int end = _limit[length] >> (16 - length);
            for (int code = _firstCode[length]; code < end; code++)
            {
                int symbol = _symbols[_firstIndex[length] + code - _firstCode[length]];
                int size = symbol & 15;
                int free = LookupBits - length - size;
                Span<int> entries = lookup.AsSpan(code << (LookupBits - length), 1 << (LookupBits - length));
                if (free < 0)
                {
                    entries.Fill(Unresolved | (symbol << 8) | length);
                    continue;
                }

                for (int value = 0; value < 1 << size; value++)
                {
                    int entry = Pack(symbol, size == 0 ? 0 : Extend(value, size), length + size);
                    entries.Slice(value << free, 1 << free).Fill(entry);
                }
            }
        }

        return lookup;
    }

    private ushort[] BuildSymbolLookup()
    {
        ushort[] lookup = new ushort[1 << LookupBits];
        for (int length = 1; length <= LookupBits; length++)
        {
            int end = _limit[length] >> (16 - length);
            for (int code = _firstCode[length]; code < end; code++)
            {
                int symbol = _symbols[_firstIndex[length] + code - _firstCode[length]];
                lookup.AsSpan(code << (LookupBits - length), 1 << (LookupBits - length)).Fill((ushort)((symbol << 8) | length));
            }
        }

        return lookup;
    }
}

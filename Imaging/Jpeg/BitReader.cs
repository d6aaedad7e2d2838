using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MLClassify.Imaging.Jpeg;

/// <summary>
/// Reads bits, most significant first, from unstuffed bytes that are followed by <see cref="EntropySegment.Padding"/> zero bytes.
/// It does not check each read: the caller asks <see cref="Overrun"/> after every block, which the padding outlasts.
/// </summary>
internal unsafe ref struct BitReader
{
    /// <summary>The next bits, left-aligned. Those beyond <see cref="Count"/> equal the file's, so that a refill may merge them again.</summary>
    public ulong Bits;

    /// <summary>How many of <see cref="Bits"/> have been accounted for.</summary>
    public int Count;

    /// <summary>The next byte to load.</summary>
    public byte* Next;

    private readonly byte* _end;

    public BitReader(byte* data, int length)
    {
        Next = data;
        _end = data + length;
        Refill(ref Bits, ref Count, ref Next);
    }

    /// <summary>Whether more bits were taken than there are.</summary>
    public readonly bool Overrun => Next - (Count >> 3) > _end;

    /// <summary>Whole bytes taken since the start of the data.</summary>
    public readonly long Consumed(byte* data) => Next - data - (Count >> 3);

    /// <summary>Brings the count to 56 bits or more. Reads 8 bytes at <paramref name="next"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Refill(ref ulong bits, ref int count, ref byte* next)
    {
        ulong loaded = Unsafe.ReadUnaligned<ulong>(next);
        bits |= (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(loaded) : loaded) >> count;
        next += (63 - count) >> 3;
        count |= 56;
    }

    /// <summary>Makes at least 32 bits available.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ensure()
    {
        if (Count < 32)
        {
            Refill(ref Bits, ref Count, ref Next);
        }
    }

    /// <summary>Takes 1 to 16 bits that <see cref="Ensure"/> made available.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Take(int size)
    {
        Debug.Assert(size is >= 1 and <= 16 && size <= Count);
        int value = (int)(Bits >> (64 - size));
        Bits <<= size;
        Count -= size;
        return value;
    }

    /// <summary>Takes one bit, refilling where needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TakeBit()
    {
        Ensure();
        bool set = (long)Bits < 0;
        Bits <<= 1;
        Count--;
        return set;
    }

    /// <summary>Decodes a symbol; at least 15 bits are left available for the bits that belong to it.</summary>
    /// <returns>The symbol, or -1 when no code matches.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TakeSymbol(HuffmanTable table)
    {
        Ensure();
        int entry = Unsafe.Add(ref table.SymbolLookup, (int)(Bits >> (64 - HuffmanTable.LookupBits)));
        int length = entry & 0xFF;
        int symbol = entry >> 8;
        if (length == 0)
        {
            symbol = table.FindSymbol(Bits, out length);
            if (symbol < 0)
            {
                return -1;
            }
        }

        Bits <<= length;
        Count -= length;
        return symbol;
    }
}

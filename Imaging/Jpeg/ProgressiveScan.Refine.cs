using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLClassify.Imaging.Jpeg;

internal unsafe ref partial struct ProgressiveScan
{
    /// <summary>A refining pass over a band (T.81 figures G.7 and G.8).</summary>
    private bool Refine(short* blocks, int count, HuffmanTable table)
    {
        for (int i = 0; i < count; i++)
        {
            short* block = blocks + ((nint)i * InverseDct.BlockSize);
            if (_endOfBandRun > 0 && HasNoAlternating(block))
            {
                _endOfBandRun--;
                continue;
            }

            int k = _scan.SpectralStart;
            if (_endOfBandRun == 0 && !RefineBand(ref _reader.Bits, block, table, ref k))
            {
                return false;
            }

            if (_endOfBandRun > 0)
            {
                SkipZeros(ref _reader.Bits, block, ref k, int.MaxValue);
                _endOfBandRun--;
            }

            if (_reader.Bits.Overrun)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether nothing in the block can take a correction bit; keeps runs over empty blocks cheap.</summary>
    private static bool HasNoAlternating(short* block)
    {
        Vector128<short> any = Vector128.Load(block).WithElement(0, (short)0);
        for (int row = 1; row < 8; row++)
        {
            any |= Vector128.Load(block + (row * 8));
        }

        return any == Vector128<short>.Zero;
    }

    /// <summary>Reads new coefficients up to the band's end or an end-of-band run, which then includes this block.</summary>
    private bool RefineBand(ref BitReader reader, short* block, HuffmanTable table, ref int k)
    {
        ref byte zigZag = ref Unsafe.AsRef(in ZigZag.ToNatural[0]);
        while (k <= _scan.SpectralEnd)
        {
            int symbol = reader.TakeSymbol(table);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (symbol < 0 || size > 1)
            {
                return false;
            }

            if (size == 0 && run < 15)
            {
                _endOfBandRun = ReadEndOfBandRun(ref reader, run);
                return true;
            }

            int value = 0;
            if (size == 1)
            {
                value = reader.TakeBit() ? 1 << _scan.SuccessiveLow : -1 << _scan.SuccessiveLow;
            }

            SkipZeros(ref reader, block, ref k, run);
            if (value != 0)
            {
                // A band without room for the coefficient: libjpeg puts it in the next place, and files in the wild have been judged by that.
                block[Unsafe.Add(ref zigZag, Math.Min(k, 63))] = (short)value;
            }

            k++;
        }

        return true;
    }

    /// <summary>
    /// Moves to the coefficient after <paramref name="zeros"/> zero ones, or past the band, and reads a correction bit for each nonzero one on the way.
    /// </summary>
    private readonly void SkipZeros(ref BitReader reader, short* block, ref int k, int zeros)
    {
        ref byte zigZag = ref Unsafe.AsRef(in ZigZag.ToNatural[0]);
        int bit = 1 << _scan.SuccessiveLow;
        int end = _scan.SpectralEnd;
        for (; k <= end; k++)
        {
            short* coefficient = block + Unsafe.Add(ref zigZag, k);
            int old = *coefficient;
            if (old == 0)
            {
                if (zeros-- == 0)
                {
                    return;
                }
            }
            else if (reader.TakeBit() && (old & bit) == 0)
            {
                *coefficient = (short)(old + (old >= 0 ? bit : -bit));
            }
        }
    }
}

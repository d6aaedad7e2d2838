using System.Runtime.CompilerServices;

namespace MLClassify.Imaging.Jpeg;

/// <summary>Decodes a scan of a sequential frame (T.81 section F.2), one row of MCUs at a time.</summary>
internal unsafe ref struct BaselineScan : IDisposable
{
    private readonly ScanComponent[] _components;
    private readonly int[] _predictions;
    private readonly int _mcusWide;
    private ScanReader _reader;

    public BaselineScan(ReadOnlySpan<byte> file, JpegFrame frame, ScanHeader scan)
    {
        _components = scan.Components;
        _predictions = new int[_components.Length];
        bool interleaved = _components.Length > 1;
        _mcusWide = interleaved ? frame.McusWide : _components[0].Component.BlocksWide;
        McusHigh = interleaved ? frame.McusHigh : _components[0].Component.BlocksHigh;
        _reader = new ScanReader(file, scan, mayStopShort: false);
    }

    /// <summary>Rows of MCUs in the scan; a scan of one component has MCUs of one block.</summary>
    public int McusHigh { get; }

    /// <summary>Where the next marker is looked for once all rows are decoded.</summary>
    public readonly int Position => _reader.Position;

    /// <summary>Decodes the next row of MCUs.</summary>
    /// <param name="grids">The frame's coefficients, by component index; zero where the row's blocks go.</param>
    /// <param name="gridRow">The row of MCUs within the grids.</param>
    public void DecodeRow(CoefficientGrid[] grids, int gridRow)
    {
        int mcu = 0;
        while (mcu < _mcusWide)
        {
            if (_reader.Advance())
            {
                Array.Clear(_predictions);
            }

            int run = Math.Min(_reader.Remaining, _mcusWide - mcu);
            if (!_reader.Lost)
            {
                bool good = _components.Length == 1
                    ? DecodeSingle(grids[_components[0].Component.Index].Row(gridRow), mcu, run)
                    : DecodeInterleaved(grids, gridRow, mcu, run);
                if (!good)
                {
                    _reader.Damage();
                }
            }

            _reader.Consume(run);
            mcu += run;
        }
    }

    public readonly void Dispose() => _reader.Dispose();

    private bool DecodeSingle(short* row, int firstBlock, int blocks)
    {
        HuffmanTable dc = _components[0].Dc!;
        HuffmanTable ac = _components[0].Ac!;
        for (int block = firstBlock; block < firstBlock + blocks; block++)
        {
            if (!DecodeBlock(ref _reader.Bits, row + ((nint)block * InverseDct.BlockSize), dc, ac, ref _predictions[0]))
            {
                return false;
            }
        }

        return true;
    }

    private bool DecodeInterleaved(CoefficientGrid[] grids, int gridRow, int firstMcu, int mcus)
    {
        for (int mcu = firstMcu; mcu < firstMcu + mcus; mcu++)
        {
            for (int i = 0; i < _components.Length; i++)
            {
                (JpegComponent component, HuffmanTable? dc, HuffmanTable? ac) = _components[i];
                CoefficientGrid grid = grids[component.Index];
                for (int y = 0; y < component.V; y++)
                {
                    short* block = grid.Row((gridRow * component.V) + y) + ((nint)mcu * component.H * InverseDct.BlockSize);
                    for (int x = 0; x < component.H; x++)
                    {
                        if (!DecodeBlock(ref _reader.Bits, block + (x * InverseDct.BlockSize), dc!, ac!, ref _predictions[i]))
                        {
                            return false;
                        }
                    }
                }
            }
        }

        return true;
    }

    /// <summary>Decodes one block into zeroed coefficients.</summary>
    /// <returns>False when a code is unknown, the block has more than 64 coefficients, or the data end.</returns>
    /// <remarks>
    /// Every lookup index is the top <see cref="HuffmanTable.LookupBits"/> bits of the buffer; a coefficient is stored only where its index is below 64.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool DecodeBlock(ref BitReader reader, short* block, HuffmanTable dcTable, HuffmanTable acTable, ref int prediction)
    {
        ulong bits = reader.Bits;
        int count = reader.Count;
        byte* next = reader.Next;
        ref byte zigZag = ref Unsafe.AsRef(in ZigZag.ToNatural[0]);

        if (count < 32)
        {
            BitReader.Refill(ref bits, ref count, ref next);
        }

        int entry = Unsafe.Add(ref dcTable.CoefficientLookup, (int)(bits >> (64 - HuffmanTable.LookupBits)));
        if ((entry & HuffmanTable.Unresolved) != 0)
        {
            entry = dcTable.Resolve(bits, entry);
        }

        bits <<= entry;
        count -= entry & 0x3F;
        prediction += entry >> 16;
        block[0] = (short)prediction;
        int k = ((entry >> 8) & 0xFF) == HuffmanTable.BadCode ? HuffmanTable.BadCode : 0;

        ref int lookup = ref acTable.CoefficientLookup;
        while (k < 63)
        {
            if (count < 32)
            {
                BitReader.Refill(ref bits, ref count, ref next);
            }

            entry = Unsafe.Add(ref lookup, (int)(bits >> (64 - HuffmanTable.LookupBits)));
            if ((entry & HuffmanTable.Unresolved) != 0)
            {
                entry = acTable.Resolve(bits, entry);
            }

            bits <<= entry;
            count -= entry & 0x3F;
            k += (entry >> 8) & 0xFF;
            if (k > 63)
            {
                break;
            }

            block[Unsafe.Add(ref zigZag, k)] = (short)(entry >> 16);
        }

        reader.Bits = bits;
        reader.Count = count;
        reader.Next = next;
        return (k <= 63 || k >= HuffmanTable.EndOfBlock) && !reader.Overrun;
    }
}

using System.Runtime.CompilerServices;

namespace MLClassify.Imaging.Jpeg;

/// <summary>
/// Decodes a scan of a progressive frame (T.81 section G.2) into the frame's coefficients: first and refining passes over DC, and over a band of AC.
/// </summary>
internal unsafe ref partial struct ProgressiveScan : IDisposable
{
    private readonly ScanHeader _scan;
    private readonly CoefficientGrid[] _grids;
    private readonly int[] _predictions;
    private readonly int _mcusWide;
    private readonly int _mcusHigh;
    private ScanReader _reader;

    // Blocks that are still to end at once (EOBRUN), the current one included.
    private int _endOfBandRun;

    public ProgressiveScan(ReadOnlySpan<byte> file, JpegFrame frame, ScanHeader scan, CoefficientGrid[] grids)
    {
        _scan = scan;
        _grids = grids;
        _predictions = new int[scan.Components.Length];
        bool interleaved = scan.Components.Length > 1;
        JpegComponent first = scan.Components[0].Component;
        _mcusWide = interleaved ? frame.McusWide : first.BlocksWide;
        _mcusHigh = interleaved ? frame.McusHigh : first.BlocksHigh;
        _reader = new ScanReader(file, scan, mayStopShort: true);
    }

    /// <summary>Where the next marker is looked for once the scan is decoded.</summary>
    public readonly int Position => _reader.Position;

    public void Decode()
    {
        for (int row = 0; row < _mcusHigh; row++)
        {
            int mcu = 0;
            while (mcu < _mcusWide)
            {
                if (_reader.Advance())
                {
                    Array.Clear(_predictions);
                    _endOfBandRun = 0;
                }

                int run = Math.Min(_reader.Remaining, _mcusWide - mcu);
                if (!_reader.Lost && !DecodeRun(row, mcu, run))
                {
                    _reader.Damage();
                }

                _reader.Consume(run);
                mcu += run;
            }
        }
    }

    public readonly void Dispose() => _reader.Dispose();

    private bool DecodeRun(int row, int firstMcu, int mcus)
    {
        if (_scan.SpectralStart == 0)
        {
            return DecodeDc(row, firstMcu, mcus);
        }

        ScanComponent component = _scan.Components[0];
        short* blocks = _grids[component.Component.Index].Row(row) + ((nint)firstMcu * InverseDct.BlockSize);
        return _scan.SuccessiveHigh == 0 ? DecodeFirst(blocks, mcus, component.Ac!) : Refine(blocks, mcus, component.Ac!);
    }

    private bool DecodeDc(int row, int firstMcu, int mcus)
    {
        bool single = _scan.Components.Length == 1;
        for (int mcu = firstMcu; mcu < firstMcu + mcus; mcu++)
        {
            for (int i = 0; i < _scan.Components.Length; i++)
            {
                ScanComponent part = _scan.Components[i];
                CoefficientGrid grid = _grids[part.Component.Index];
                int wide = single ? 1 : part.Component.H;
                int high = single ? 1 : part.Component.V;
                for (int y = 0; y < high; y++)
                {
                    short* block = grid.Row((row * high) + y) + ((nint)mcu * wide * InverseDct.BlockSize);
                    for (int x = 0; x < wide; x++, block += InverseDct.BlockSize)
                    {
                        if (!(_scan.SuccessiveHigh == 0 ? FirstDc(block, part.Dc!, ref _predictions[i]) : RefineDc(block)))
                        {
                            return false;
                        }
                    }
                }
            }
        }

        return true;
    }

    private bool FirstDc(short* block, HuffmanTable table, ref int prediction)
    {
        int size = _reader.Bits.TakeSymbol(table);
        if (size < 0)
        {
            return false;
        }

        if (size > 0)
        {
            prediction += HuffmanTable.Extend(_reader.Bits.Take(size), size);
        }

        block[0] = (short)(prediction << _scan.SuccessiveLow);
        return !_reader.Bits.Overrun;
    }

    private bool RefineDc(short* block)
    {
        if (_reader.Bits.TakeBit())
        {
            block[0] |= (short)(1 << _scan.SuccessiveLow);
        }

        return !_reader.Bits.Overrun;
    }

    /// <summary>The first pass over a band (T.81 figure G.3). Blocks inside an end-of-band run are passed over together.</summary>
    private bool DecodeFirst(short* blocks, int count, HuffmanTable table)
    {
        int done = 0;
        while (done < count)
        {
            if (_endOfBandRun > 0)
            {
                int skipped = Math.Min(_endOfBandRun, count - done);
                _endOfBandRun -= skipped;
                done += skipped;
                continue;
            }

            if (!FirstBand(ref _reader.Bits, blocks + ((nint)done * InverseDct.BlockSize), table))
            {
                return false;
            }

            done++;
        }

        return true;
    }

    private bool FirstBand(ref BitReader reader, short* block, HuffmanTable table)
    {
        ref byte zigZag = ref Unsafe.AsRef(in ZigZag.ToNatural[0]);
        int k = _scan.SpectralStart;
        while (k <= _scan.SpectralEnd)
        {
            int symbol = reader.TakeSymbol(table);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (symbol < 0)
            {
                return false;
            }

            if (size == 0 && run < 15)
            {
                _endOfBandRun = ReadEndOfBandRun(ref reader, run) - 1;
                break;
            }

            k += run;
            if (size > 0)
            {
                if (k > 63)
                {
                    return false;
                }

                block[Unsafe.Add(ref zigZag, k)] = (short)(HuffmanTable.Extend(reader.Take(size), size) << _scan.SuccessiveLow);
            }

            k++;
        }

        return !reader.Overrun;
    }

    private static int ReadEndOfBandRun(ref BitReader reader, int category) =>
        category == 0 ? 1 : (1 << category) + reader.Take(category);
}

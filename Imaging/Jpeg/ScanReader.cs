namespace MLClassify.Imaging.Jpeg;

/// <summary>
/// Walks through the restart intervals of a scan. Where an interval is damaged or missing and restart markers let the next one be found,
/// its MCUs stay empty (T.81 leaves the recovery to the decoder); without them damage is an error. A progressive scan may also
/// stop short where another segment follows: the image is then less precise, as if the encoder had left the rest out.
/// </summary>
internal unsafe ref struct ScanReader : IDisposable
{
    private readonly int _interval;
    private readonly bool _mayStopShort;
    private EntropySegment _segment;
    private int _segmentStart;
    private int _expectedRestart;
    private bool _begun;
    private bool _stopped;

    /// <summary>The bits of the current interval.</summary>
    public BitReader Bits;

    public ScanReader(ReadOnlySpan<byte> file, ScanHeader scan, bool mayStopShort)
    {
        _mayStopShort = mayStopShort;
        _interval = scan.RestartInterval;
        _segment = new EntropySegment(file, scan.DataOffset);
    }

    /// <summary>Whether the rest of the current interval is lost: its MCUs are to be skipped.</summary>
    public bool Lost { get; private set; }

    /// <summary>MCUs left in the current interval.</summary>
    public int Remaining { get; private set; }

    /// <summary>The first byte after the scan's data, where the next marker is looked for.</summary>
    public readonly int Position => _segment.Position;

    /// <summary>Begins the next interval where the last one is used up.</summary>
    /// <returns>Whether predictions and run lengths start afresh.</returns>
    public bool Advance()
    {
        if (Remaining > 0)
        {
            return false;
        }

        Lost = false;
        Remaining = _interval == 0 ? int.MaxValue : _interval;
        if (!_begun)
        {
            _begun = true;
            Load();
        }
        else
        {
            Synchronize();
        }

        return true;
    }

    /// <summary>Counts MCUs of the current interval as done.</summary>
    public void Consume(int mcus) => Remaining -= mcus;

    /// <summary>Reports that the current block could not be decoded: gives the interval up, or throws where there is none to resume at.</summary>
    public void Damage()
    {
        bool overrun = Bits.Overrun;
        long offset = overrun ? _segment.Position : _segmentStart + Bits.Consumed(_segment.Data);
        if (_segment.Marker == 0)
        {
            JpegErrors.ThrowTruncated("the image's data", _segment.Position);
        }

        if (overrun && !JpegMarker.IsRestart(_segment.Marker))
        {
            if (StopShort())
            {
                return;
            }

            JpegErrors.ThrowInvalid($"the image's data end early: marker FF {_segment.Marker:X2} where more blocks were expected", offset);
        }

        if (_interval == 0 && overrun)
        {
            JpegErrors.ThrowInvalid($"restart marker FF {_segment.Marker:X2} in an image without restart intervals", offset);
        }

        if (_interval == 0)
        {
            JpegErrors.ThrowInvalid($"a bit pattern that is no Huffman code, or a block with more than 64 coefficients", offset);
        }

        Lost = true;
    }

    public readonly void Dispose() => _segment.Dispose();

    private bool StopShort()
    {
        _stopped = _mayStopShort && _segment.Marker != JpegMarker.EndOfImage;
        Lost |= _stopped;
        return _stopped;
    }

    private void Load()
    {
        _segmentStart = _segment.Position;
        _segment.Load();
        Bits = new BitReader(_segment.Data, _segment.Length);
    }

    /// <summary>Finds the expected restart marker, or decides that its interval is missing.</summary>
    private void Synchronize()
    {
        if (_stopped)
        {
            Lost = true;
            return;
        }

        int expected = _expectedRestart;
        _expectedRestart = (expected + 1) & 7;
        while (true)
        {
            if (_segment.Marker == 0)
            {
                JpegErrors.ThrowTruncated("the image's data", _segment.Position);
            }

            if (!JpegMarker.IsRestart(_segment.Marker))
            {
                if (StopShort())
                {
                    return;
                }

                JpegErrors.ThrowInvalid(
                    $"the image's data end early: marker FF {_segment.Marker:X2}, expected restart marker FF {JpegMarker.FirstRestart + expected:X2}",
                    _segment.Position);
            }

            int ahead = (_segment.Marker - JpegMarker.FirstRestart - expected) & 7;
            if (ahead is 1 or 2)
            {
                Lost = true;
                return;
            }

            _segment.TakeMarker();
            Load();
            if (ahead is not (6 or 7))
            {
                return;
            }
        }
    }
}

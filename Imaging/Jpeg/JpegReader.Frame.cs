using System.Buffers.Binary;

namespace MLClassify.Imaging.Jpeg;

internal ref partial struct JpegReader
{
    /// <summary>Frame header (T.81 section B.2.2). The size is checked here, before anything of that size is allocated.</summary>
    private readonly void ReadFrame(byte marker, ReadOnlySpan<byte> content, int offset)
    {
        if (JpegMarker.UnsupportedProcess(marker) is string reason)
        {
            JpegErrors.ThrowUnsupported(reason, offset);
        }

        if (Header.Frame is not null)
        {
            JpegErrors.ThrowInvalid($"a second frame header; the first is at byte {Header.Frame.Offset}", offset);
        }

        if (content.Length < 6)
        {
            JpegErrors.ThrowInvalid($"the frame header has length {content.Length + 2}, expected 8 or more", offset);
        }

        int precision = content[0];
        int height = BinaryPrimitives.ReadUInt16BigEndian(content[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(content[3..]);
        int count = content[5];
        RequireLength(content, 6 + (3 * count), marker, offset);
        if (precision != 8)
        {
            JpegErrors.ThrowUnsupported($"{precision}-bit samples are not supported, only 8-bit ones", offset);
        }

        if (count is not (1 or 3 or 4))
        {
            JpegErrors.ThrowUnsupported($"{count} color components are not supported, only 1, 3 or 4", offset);
        }

        if (width == 0)
        {
            JpegErrors.ThrowInvalid($"the image is 0 pixels wide", offset);
        }

        JpegComponent[] components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
        {
            components[i] = ReadComponent(content.Slice(6 + (3 * i), 3), i, count == 1, offset);
        }

        Header.Frame = new JpegFrame(marker == JpegMarker.ProgressiveFrame, width, height, components, offset);
        CheckSize(Header.Frame);
    }

    private static JpegComponent ReadComponent(ReadOnlySpan<byte> entry, int index, bool alone, int offset)
    {
        int h = entry[1] >> 4;
        int v = entry[1] & 15;
        if (h is < 1 or > 4 || v is < 1 or > 4)
        {
            JpegErrors.ThrowInvalid($"component {index} has sampling factors {h} x {v}, expected 1 to 4", offset);
        }

        if (entry[2] > 3)
        {
            JpegErrors.ThrowInvalid($"component {index} asks for quantization table {entry[2]}, expected 0 to 3", offset);
        }

        // The blocks of a single component are never interleaved: its sampling factors mean nothing (section A.2.2).
        return new JpegComponent { Index = index, Id = entry[0], H = alone ? 1 : h, V = alone ? 1 : v, QuantizationIndex = entry[2] };
    }

    private readonly void CheckSize(JpegFrame frame)
    {
        long pixels = (long)frame.Width * frame.Height;
        if (pixels > _options.MaxPixels || pixels * 3 > Array.MaxLength)
        {
            long limit = Math.Min(_options.MaxPixels, Array.MaxLength / 3);
            JpegErrors.ThrowTooLarge($"{frame.Width} x {frame.Height} pixels exceed the limit of {limit} (DecodeOptions.MaxPixels)", frame.Offset);
        }
    }

    /// <summary>Scan header (T.81 section B.2.3).</summary>
    private readonly ScanHeader ReadScan(ReadOnlySpan<byte> content, int offset)
    {
        JpegFrame? frame = Header.Frame;
        if (frame is null)
        {
            JpegErrors.ThrowInvalid($"a scan before any frame header", offset);
        }

        int count = content.Length == 0 ? 0 : content[0];
        if (count < 1 || count > 4 || content.Length != 4 + (2 * count))
        {
            JpegErrors.ThrowInvalid(
                $"the scan header has length {content.Length + 2} and {count} components; expected 1 to 4, two bytes each and 6 more", offset);
        }

        if (frame.Height == 0)
        {
            frame.SetHeight(FindNumberOfLines(offset));
            CheckSize(frame);
        }

        int start = content[^3];
        int end = content[^2];
        int high = content[^1] >> 4;
        int low = content[^1] & 15;
        if (frame.Progressive)
        {
            CheckProgression(count, start, end, high, low, offset);
        }

        ScanComponent[] components = new ScanComponent[count];
        for (int i = 0; i < count; i++)
        {
            components[i] = ReadScanComponent(content.Slice(1 + (2 * i), 2), components.AsSpan(0, i), frame.Progressive, start, high, offset);
        }

        return new ScanHeader
        {
            Components = components,
            SpectralStart = start,
            SpectralEnd = end,
            SuccessiveHigh = high,
            SuccessiveLow = low,
            RestartInterval = Header.RestartInterval,
            DataOffset = Position,
        };
    }

    private static void CheckProgression(int components, int start, int end, int high, int low, int offset)
    {
        bool band = start == 0 ? end == 0 : start <= end && end <= 63 && components == 1;
        if (!band || low > 13 || (high != 0 && low != high - 1))
        {
            JpegErrors.ThrowInvalid(
                $"progressive scan of {components} components with Ss {start}, Se {end}, Ah {high}, Al {low}; the standard has no such scan", offset);
        }
    }

    private readonly ScanComponent ReadScanComponent(
        ReadOnlySpan<byte> entry, ReadOnlySpan<ScanComponent> before, bool progressive, int start, int high, int offset)
    {
        JpegComponent? component = null;
        foreach (JpegComponent candidate in Header.Frame!.Components)
        {
            bool taken = false;
            foreach (ScanComponent other in before)
            {
                taken |= other.Component == candidate;
            }

            if (candidate.Id == entry[0] && !taken)
            {
                component = candidate;
                break;
            }
        }

        if (component is null)
        {
            JpegErrors.ThrowInvalid($"the scan names component {entry[0]} twice, or the frame does not have it", offset);
        }

        if (component.Quantization is null)
        {
            component.Quantization = Header.Quantization[component.QuantizationIndex];
            if (component.Quantization is null)
            {
                JpegErrors.ThrowInvalid($"quantization table {component.QuantizationIndex} is used but not defined", offset);
            }
        }

        bool dc = !progressive || (start == 0 && high == 0);
        bool ac = !progressive || start > 0;
        return new ScanComponent(
            component,
            dc ? Table(Header.DcTables, StandardHuffmanTables.Dc, entry[1] >> 4, offset) : null,
            ac ? Table(Header.AcTables, StandardHuffmanTables.Ac, entry[1] & 15, offset) : null);
    }

    /// <summary>A table by index; Motion JPEG leaves the standard's tables out of its files.</summary>
    private static HuffmanTable Table(HuffmanTable?[] tables, ReadOnlySpan<HuffmanTable> standard, int index, int offset)
    {
        HuffmanTable? table = index < tables.Length ? tables[index] : null;
        table ??= index < standard.Length ? standard[index] : null;
        if (table is null)
        {
            JpegErrors.ThrowInvalid($"Huffman table {index} is used but not defined", offset);
        }

        return table;
    }

    /// <summary>Looks behind the first scan for the DNL segment that tells a height left out of the frame header (T.81 section B.2.5).</summary>
    private readonly int FindNumberOfLines(int scanOffset)
    {
        ReadOnlySpan<byte> rest = _file[Position..];
        int found;
        while ((found = rest.IndexOf((byte)0xFF)) >= 0 && found + 1 < rest.Length)
        {
            byte marker = rest[found + 1];
            rest = rest[(found + (marker == 0xFF ? 1 : 2))..];
            if (marker is 0 or 0xFF || JpegMarker.IsRestart(marker))
            {
                continue;
            }

            if (marker == JpegMarker.NumberOfLines && rest.Length >= 4 && BinaryPrimitives.ReadUInt16BigEndian(rest) == 4)
            {
                int height = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
                if (height > 0)
                {
                    return height;
                }
            }

            break;
        }

        JpegErrors.ThrowInvalid($"the frame header gives height 0, and no DNL segment after the first scan gives another", scanOffset);
        return 0;
    }
}

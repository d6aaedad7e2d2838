using System.Buffers.Binary;
using MLClassify.Imaging.Exif;

namespace MLClassify.Imaging.Jpeg;

/// <summary>Walks through the markers and segments of a file (T.81 annex B) and fills in a <see cref="JpegHeader"/>.</summary>
internal ref partial struct JpegReader
{
    private readonly ReadOnlySpan<byte> _file;
    private readonly DecodeOptions _options;

    public JpegReader(ReadOnlySpan<byte> file, DecodeOptions options)
    {
        _file = file;
        _options = options;
        Header = new JpegHeader();
        if (file.Length < 2 || file[0] != 0xFF || file[1] != JpegMarker.StartOfImage)
        {
            JpegErrors.ThrowInvalid($"expected the start marker FF D8, found {(file.Length < 2 ? "the end of the file" : Convert.ToHexString(file[..2]))}", 0);
        }

        Position = 2;
    }

    public JpegHeader Header { get; }

    /// <summary>Where the next marker is looked for.</summary>
    public int Position { get; set; }

    /// <summary>Reads segments up to the next scan.</summary>
    /// <returns>The scan's header, or null at the end of the image.</returns>
    public ScanHeader? ReadToScan()
    {
        while (true)
        {
            byte marker = NextMarker(out int offset);
            switch (marker)
            {
                case JpegMarker.EndOfImage:
                    return null;
                case JpegMarker.StartOfScan:
                    return ReadScan(Segment(marker, offset), offset);
                case JpegMarker.StartOfImage:
                    JpegErrors.ThrowInvalid($"a second start marker FF D8 inside the image", offset);
                    break;
                case >= JpegMarker.FirstRestart and <= JpegMarker.LastRestart or JpegMarker.Temporary:
                    break;
                default:
                    ReadSegment(marker, Segment(marker, offset), offset);
                    break;
            }
        }
    }

    /// <summary>Passes over everything up to the end marker.</summary>
    public void SkipToEnd()
    {
        byte marker;
        while ((marker = NextMarker(out int offset)) != JpegMarker.EndOfImage)
        {
            bool alone = JpegMarker.IsRestart(marker) || marker is JpegMarker.Temporary or JpegMarker.StartOfImage;
            if (!alone)
            {
                Segment(marker, offset);
            }
        }
    }

    /// <summary>Finds the next marker; bytes before it that belong to nothing are passed over, as are fill bytes.</summary>
    private byte NextMarker(out int offset)
    {
        while (true)
        {
            int found = _file[Position..].IndexOf((byte)0xFF);
            if (found < 0)
            {
                break;
            }

            int next = Position + found;
            while (next < _file.Length && _file[next] == 0xFF)
            {
                next++;
            }

            if (next == _file.Length)
            {
                break;
            }

            Position = next + 1;
            if (_file[next] != 0)
            {
                offset = next - 1;
                return _file[next];
            }
        }

        offset = _file.Length;
        JpegErrors.ThrowTruncated("the image: no end marker FF D9", _file.Length);
        return 0;
    }

    /// <summary>The content of the segment whose length field is at <see cref="Position"/>; moves behind it.</summary>
    private ReadOnlySpan<byte> Segment(byte marker, int offset)
    {
        ReadOnlySpan<byte> rest = _file[Position..];
        if (rest.Length < 2)
        {
            JpegErrors.ThrowTruncated($"segment FF {marker:X2}", _file.Length);
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (length < 2)
        {
            JpegErrors.ThrowInvalid($"segment FF {marker:X2} has length {length}, expected 2 or more", offset);
        }

        if (length > rest.Length)
        {
            JpegErrors.ThrowTooShort($"segment FF {marker:X2} has length {length}, but only {rest.Length} bytes follow", offset);
        }

        Position += length;
        return rest[2..length];
    }

    private readonly void ReadSegment(byte marker, ReadOnlySpan<byte> content, int offset)
    {
        switch (marker)
        {
            case JpegMarker.QuantizationTables:
                ReadQuantization(content, offset);
                break;
            case JpegMarker.HuffmanTables:
                ReadHuffman(content, offset);
                break;
            case JpegMarker.RestartInterval:
                RequireLength(content, 2, marker, offset);
                Header.RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(content);
                break;
            case JpegMarker.App0:
                Header.Jfif |= content.Length >= 14 && content.StartsWith("JFIF\0"u8);
                break;
            case JpegMarker.App1:
                ReadExif(content);
                break;
            case JpegMarker.App14:
                if (content.Length >= 12 && content.StartsWith("Adobe"u8))
                {
                    Header.AdobeTransform = content[11];
                }

                break;
            default:
                if (JpegMarker.IsFrame(marker))
                {
                    ReadFrame(marker, content, offset);
                }
                else if (marker < 0xC0)
                {
                    JpegErrors.ThrowInvalid($"unknown marker FF {marker:X2}", offset);
                }

                break;
        }
    }

    private readonly void ReadExif(ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> name = "Exif\0"u8;
        if (Header.Orientation == 0 && content.Length > name.Length + 1 && content.StartsWith(name))
        {
            Header.Orientation = ExifOrientation.Read(content[(name.Length + 1)..]);
        }
    }

    private static void RequireLength(ReadOnlySpan<byte> content, int expected, byte marker, int offset)
    {
        if (content.Length != expected)
        {
            JpegErrors.ThrowInvalid($"segment FF {marker:X2} has length {content.Length + 2}, expected {expected + 2}", offset);
        }
    }
}

using System.Buffers.Binary;

namespace MLClassify.Imaging.Bmp;

/// <summary>
/// The file header and the information header: OS/2 1 (12 bytes) and 2 (16 or 64), Windows (40, 52, 56), V4 (108), V5 (124);
/// [MS-WMF] section 2.2.2 and Microsoft's "Bitmap Header Types".
/// </summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="TopDown">Whether the first row in the file is the top one.</param>
/// <param name="BitCount">Bits per pixel: 1, 4, 8, 16, 24 or 32.</param>
/// <param name="Compression">How pixels are stored.</param>
/// <param name="Masks">The channels' bits in a pixel of 16, 24 or 32 bits.</param>
/// <param name="PaletteStart">Where the palette begins.</param>
/// <param name="PaletteEntries">The palette's entries, at most 256, and no more than lie before the pixels.</param>
/// <param name="PaletteEntryBytes">3 (B, G, R) or 4 (B, G, R, unused).</param>
/// <param name="PixelStart">Where the pixels begin; inside the file.</param>
internal readonly record struct BmpHeader(
    int Width,
    int Height,
    bool TopDown,
    int BitCount,
    BmpCompression Compression,
    BmpMasks Masks,
    int PaletteStart,
    int PaletteEntries,
    int PaletteEntryBytes,
    int PixelStart)
{
    private const int FileHeaderLength = 14;

    /// <summary>Bytes from one stored row to the next: rows are padded to multiples of four.</summary>
    public long Stride => (((long)Width * BitCount) + 31) / 32 * 4;

    public static BmpHeader Parse(ReadOnlySpan<byte> file, DecodeOptions options)
    {
        if (file.Length < FileHeaderLength + 4)
        {
            throw BmpErrors.Truncated($"the file ends in its header, after {file.Length} bytes", file.Length);
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(file[FileHeaderLength..]);
        if (length is not (12 or 16 or 40 or 52 or 56 or 64 or 108 or 124))
        {
            throw BmpErrors.Unsupported(
                $"an information header of {length} bytes is not known; known are 12, 16, 40, 52, 56, 64, 108 and 124", FileHeaderLength);
        }

        if (file.Length - FileHeaderLength < length)
        {
            throw BmpErrors.Truncated($"the file ends in its header, after {file.Length} bytes", file.Length);
        }

        var info = new BmpInfo(file.Slice(FileHeaderLength, (int)length));
        SizeLimit.Check(BmpErrors.Format, info.Width, Math.Abs(info.Height), options, FileHeaderLength + 4);
        BmpCompression compression = CheckStorage(info);

        int afterInfo = FileHeaderLength + (int)length;
        BmpMasks masks = BmpMasks.Read(file, info, compression, ref afterInfo);
        int entryBytes = length == 12 ? 3 : 4;
        long entries = info.BitCount > 8 ? 0 : info.ColorsUsed is 0 ? 1u << info.BitCount : info.ColorsUsed;
        long pixelStart = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);

        // Some writers leave the offset out, or forget the palette in it (Pillow mends the same two).
        bool paletteForgotten = pixelStart == FileHeaderLength + length && info.BitCount <= 8;
        if (pixelStart == 0 || paletteForgotten)
        {
            pixelStart = afterInfo + (entries * entryBytes);
        }

        if (pixelStart < FileHeaderLength + length)
        {
            throw BmpErrors.Invalid($"the pixels begin at byte {pixelStart}, inside the headers", 10);
        }

        if (pixelStart >= file.Length)
        {
            throw BmpErrors.Truncated($"the pixels begin at byte {pixelStart}, but the file has {file.Length} bytes", 10);
        }

        long room = Math.Max(0, pixelStart - afterInfo) / entryBytes;
        return new BmpHeader(
            (int)info.Width,
            (int)Math.Abs(info.Height),
            info.Height < 0,
            info.BitCount,
            compression,
            masks,
            afterInfo,
            (int)Math.Min(Math.Min(entries, room), ColorTable.Entries),
            entryBytes,
            (int)pixelStart);
    }

    private static BmpCompression CheckStorage(BmpInfo info)
    {
        const int Offset = FileHeaderLength + 16;
        switch (info.Compression)
        {
            case 3 or 4 when info.IsOs2:
                throw BmpErrors.Unsupported($"OS/2's Huffman 1D and RLE24 compressions are not supported", Offset);
            case 4:
                throw BmpErrors.Unsupported($"a JPEG inside a bitmap is not supported", Offset);
            case 5:
                throw BmpErrors.Unsupported($"a PNG inside a bitmap is not supported", Offset);
            case > 6:
                throw BmpErrors.Unsupported($"compression {info.Compression} is not known", Offset);
        }

        var compression = (BmpCompression)info.Compression;
        if (info.BitCount is not (1 or 4 or 8 or 16 or 24 or 32))
        {
            throw BmpErrors.Unsupported($"{info.BitCount} bits per pixel are not supported", Offset - 2);
        }

        bool fits = compression switch
        {
            BmpCompression.Rle8 => info.BitCount == 8,
            BmpCompression.Rle4 => info.BitCount == 4,
            BmpCompression.BitFields or BmpCompression.AlphaBitFields => info.BitCount >= 16,
            _ => true,
        };
        if (!fits)
        {
            throw BmpErrors.Invalid($"compression {compression} does not go with {info.BitCount} bits per pixel", Offset);
        }

        return compression;
    }
}
